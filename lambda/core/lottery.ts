import type { Decider, DecisionContext, KeyedState } from './decider.ts';
import type { SourcedEvent } from './decode.ts';
import type { LotteryEvent, LotteryStartEvent } from './events.ts';
import { type LotteryOutcome, lotteryOutcomeCodec } from './lottery-outcome.ts';
import type { RejectionReason } from './reasons.ts';
import type { Rejected } from './rejected.ts';
import { windowStartOf } from './window.ts';

/**
 * One run of a lottery, from its start to its end. A lottery that ended may be started again: that is a new run
 * with a new seed, and what still comes in for the old one is told apart by the run's number.
 */
export interface LotteryRun {
  readonly lotteryId: string;
  /** 1 for the first. */
  readonly run: number;
  /**
   * active: takes clicks. stopped: takes none, open windows are still drawn. ended: the seed is revealed.
   */
  readonly status: 'active' | 'stopped' | 'ended';
  /** SHA-256 of the run's seed, hex (fairness.ts). The seed itself lies elsewhere: it is secret until the end. */
  readonly seedCommitment: string;
  /** Start of the first and last window that take clicks, ms; absent where there is no bound (yet). */
  readonly firstWindowStart?: number;
  readonly lastWindowStart?: number;
  /** Prize i belongs to window i, counted from the first. */
  readonly prizes?: readonly string[];
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
  readonly windowMs: number;
  /** Makes a seed for a new run. @returns the commitment to it */
  readonly newSeedCommitment: () => string;
}

/** What becomes of a lottery's events: its starts and stops. Pure, but for the seed that a new run is given. */
export const lotteryDecider: Decider<LotteryState, LotteryEvent, LotteryOutcome, LotteryContext> = {
  initialState: newLottery,
  decide,
  evolve,
  codec: lotteryOutcomeCodec,
};

function decide(
  { run }: LotteryState,
  { event, record }: SourcedEvent<LotteryEvent>,
  { windowMs }: LotteryContext,
): LotteryOutcome {
  switch (event.type) {
    case 'LotteryStartEvent':
      if (run && run.status !== 'ended') return rejected('LOTTERY_ALREADY_STARTED');
      return { kind: 'started', run: (run?.run ?? 0) + 1 };
    case 'LotteryStopEvent': {
      if (run?.status !== 'active') return rejected('LOTTERY_INACTIVE');
      const stopWindow = windowStartOf(record.arrival, windowMs);
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

/** A lottery with prizes has a window for each, counted from the window of its start; without, it has no bounds. */
function startRun(
  run: number,
  event: LotteryStartEvent,
  arrival: number,
  { windowMs, newSeedCommitment }: LotteryContext,
): LotteryRun {
  const { lotteryId } = event;
  const base = { lotteryId, run, status: 'active', seedCommitment: newSeedCommitment() } as const;
  if (event.prizes === undefined) return base;
  const firstWindowStart = windowStartOf(event.timestamp ?? arrival, windowMs);
  const lastWindowStart = firstWindowStart + (event.prizes.length - 1) * windowMs;
  return { ...base, firstWindowStart, lastWindowStart, prizes: event.prizes };
}

/** Whether a click of this window may enter: the lottery takes clicks, and the window is one of its own. */
export function takesClicks(run: LotteryRun, windowStart: number): boolean {
  return run.status === 'active' && hasWindow(run, windowStart);
}

/** Whether the window lies within the run's first and last. */
export function hasWindow(run: LotteryRun, windowStart: number): boolean {
  return (
    windowStart >= (run.firstWindowStart ?? Number.NEGATIVE_INFINITY) &&
    windowStart <= (run.lastWindowStart ?? Number.POSITIVE_INFINITY)
  );
}

/** The prize of a window, where the lottery has prizes and the window is one of its own. */
export function prizeOf(run: LotteryRun, windowStart: number, windowMs: number): string | undefined {
  if (run.prizes === undefined || run.firstWindowStart === undefined) return undefined;
  return run.prizes[(windowStart - run.firstWindowStart) / windowMs];
}
