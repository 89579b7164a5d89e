import type { BeaconChain } from './beacon.ts';
import type { Decider, DecisionContext, KeyedState } from './decider.ts';
import type { SourcedEvent } from './decode.ts';
import type { LotteryEvent, LotteryStartEvent } from './events.ts';
import { type LotteryOutcome, lotteryOutcomeCodec } from './lottery-outcome.ts';
import type { RejectionReason } from './reasons.ts';
import type { Rejected } from './rejected.ts';
import { latestTime, type WindowTiming, windowStartOf } from './window.ts';

/**
 * One run of a lottery, from its start to its end. A lottery that ended may be started again: that is a new run
 * with a new seed, and what still comes in for the old one is told apart by the run's number.
 */
export interface LotteryRun extends WindowTiming {
  readonly lotteryId: string;
  /** 1 for the first. */
  readonly run: number;
  /**
   * active: takes clicks. stopped: takes those of its windows, of which the last is known. ended: takes none, all
   * windows are drawn, the seed is revealed.
   */
  readonly status: 'active' | 'stopped' | 'ended';
  /** SHA-256 of the run's seed, hex (fairness.ts). The seed itself lies elsewhere: it is secret until the end. */
  readonly seedCommitment: string;
  /** What its receipts are checked with: SubjectPublicKeyInfo of an ECDSA P-256 key, base64. */
  readonly receiptKey: string;
  /** Whose rounds decide its draws; absent where the seed alone does. */
  readonly beacon?: BeaconChain;
  /** Start of the first and last window that take clicks, ms; absent where there is no bound (yet). */
  readonly firstWindowStart?: number;
  readonly lastWindowStart?: number;
  /** Prize i belongs to window i, counted from the first. */
  readonly prizes?: readonly string[];
  /** Started in a replay of old events: arrivals say nothing about its windows. */
  readonly replay?: true;
}

/** A run with its seed, for those who draw and for the reveal at the end. */
export interface SeededRun extends LotteryRun {
  /** 32 random bytes, hex. */
  readonly seed: string;
}

export interface LotteryState extends KeyedState {
  /** The run of now; absent in a lottery that was never started. */
  readonly run?: LotteryRun;
}

export const newLottery: LotteryState = { version: 0, cursors: {} };

export interface LotteryContext extends DecisionContext {
  /** Of the runs that are started. */
  readonly timing: WindowTiming;
  /** Of the runs that are started, as `LotteryRun`. */
  readonly receiptKey: string;
  readonly beacon: BeaconChain | undefined;
  /** Whether old events are replayed: their own times count, and not their arrivals. */
  readonly isReplay: boolean;
  /** Makes a seed for a new run. @returns the commitment to it */
  readonly newSeedCommitment: () => string;
}

/** What becomes of a lottery's events: its starts and stops. Pure, but for the seed that a new run is given. */
export const lotteryDecider: Decider<LotteryState, LotteryEvent, LotteryOutcome, LotteryContext> = {
  initialState: newLottery,
  decide,
  evolve,
  codec: lotteryOutcomeCodec,
  noRoom: rejected('TOO_MANY_IN_RECORD'),
};

function decide(
  { run }: LotteryState,
  { event, record }: SourcedEvent<LotteryEvent>,
  context: LotteryContext,
): LotteryOutcome {
  switch (event.type) {
    case 'LotteryStartEvent':
      if (run && run.status !== 'ended') return rejected('LOTTERY_ALREADY_STARTED');
      if (isOver(event, record.arrival, context)) return rejected('TIMESTAMP_OUT_OF_RANGE');
      return { kind: 'started', run: (run?.run ?? 0) + 1 };
    case 'LotteryStopEvent': {
      if (run?.status !== 'active') return rejected('LOTTERY_INACTIVE');
      const stoppedAt = context.isReplay ? (event.timestamp ?? latestTime) : record.arrival;
      const stopWindow = windowStartOf(stoppedAt, run.windowMs);
      const lastWindowStart = Math.min(run.lastWindowStart ?? stopWindow, stopWindow);
      return { kind: 'stopped', run: run.run, lastWindowStart };
    }
    default:
      return event satisfies never;
  }
}

function rejected(reason: RejectionReason): Rejected {
  return { kind: 'rejected', reason };
}

function evolve(
  state: LotteryState,
  { event, record }: SourcedEvent<LotteryEvent>,
  outcome: LotteryOutcome,
  context: LotteryContext,
): LotteryState {
  if (outcome.kind === 'started' && event.type === 'LotteryStartEvent') {
    return { ...state, run: startRun(outcome.run, event, record.arrival, context) };
  }
  if (outcome.kind === 'stopped' && state.run) {
    return { ...state, run: { ...state.run, status: 'stopped', lastWindowStart: outcome.lastWindowStart } };
  }
  return state;
}

/** Whether the last of its prizes would be that of a window which was over when the start came. */
function isOver(
  { prizes, timestamp }: LotteryStartEvent,
  arrival: number,
  { timing, isReplay }: LotteryContext,
): boolean {
  if (isReplay || prizes === undefined || timestamp === undefined) return false;
  const { windowMs, graceMs } = timing;
  return windowStartOf(timestamp, windowMs) + prizes.length * windowMs + graceMs < arrival;
}

/** A lottery with prizes has a window for each, counted from the window of its start. */
function startRun(
  run: number,
  { lotteryId, timestamp, prizes }: LotteryStartEvent,
  arrival: number,
  { timing, receiptKey, beacon, isReplay, newSeedCommitment }: LotteryContext,
): LotteryRun {
  const { windowMs, graceMs } = timing;
  const base = { lotteryId, run, status: 'active', windowMs, graceMs } as const;
  const started = {
    ...base,
    ...{ seedCommitment: newSeedCommitment(), receiptKey },
    ...(beacon && { beacon }),
    ...(isReplay && { replay: true as const }),
  };
  const firstWindowStart = windowStartOf(timestamp ?? arrival, windowMs);
  if (prizes !== undefined) {
    const lastWindowStart = firstWindowStart + (prizes.length - 1) * windowMs;
    return { ...started, firstWindowStart, lastWindowStart, prizes };
  }
  // The arrival of a start says nothing about the clicks that are replayed after it.
  return isReplay && timestamp === undefined ? started : { ...started, firstWindowStart };
}

/** Whether a click of this window may enter. */
export function takesClicks(run: LotteryRun, windowStart: number): boolean {
  return run.status !== 'ended' && hasWindow(run, windowStart);
}

/** Whether the window lies within the run's first and last. */
export function hasWindow(run: LotteryRun, windowStart: number): boolean {
  return (
    windowStart >= (run.firstWindowStart ?? Number.NEGATIVE_INFINITY) &&
    windowStart <= (run.lastWindowStart ?? Number.POSITIVE_INFINITY)
  );
}

/** The prize of a window, where the lottery has prizes and the window is one of its own. */
export function prizeOf(run: LotteryRun, windowStart: number): string | undefined {
  if (run.prizes === undefined || run.firstWindowStart === undefined) return undefined;
  return run.prizes[(windowStart - run.firstWindowStart) / run.windowMs];
}
