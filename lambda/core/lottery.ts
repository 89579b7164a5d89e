import type { Cursors } from './cursor.ts';
import { resume, withoutExpired } from './cursor.ts';
import type { SourcedEvent } from './decode.ts';
import type { LotteryEvent, LotteryStartEvent } from './events.ts';
import type { StoredOutcome } from './outcome-codec.ts';
import type { RejectionReason } from './reasons.ts';
import { rejectionReasons } from './reasons.ts';
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

export interface LotteryState {
  /** 0 before the first write. */
  readonly version: number;
  /** The run of now; absent in a lottery that was never started. */
  readonly run?: LotteryRun;
  readonly cursors: Cursors;
}

export const newLottery: LotteryState = { version: 0, cursors: {} };

export interface LotteryContext {
  readonly windowMs: number;
  readonly now: number;
  readonly retentionMs: number;
  /** Makes a seed for a new run. @returns the commitment to it */
  readonly newSeedCommitment: () => string;
}

export type LotteryOutcome =
  | { readonly kind: 'started'; readonly run: number }
  | { readonly kind: 'stopped'; readonly run: number; readonly lastWindowStart: number }
  | { readonly kind: 'rejected'; readonly reason: RejectionReason };

export interface LotteryDecision {
  readonly state: LotteryState;
  /** Whether there is something to write. */
  readonly changed: boolean;
  readonly applied: number;
  /** For each event, in order; undefined where it was settled long ago. */
  readonly outcomes: readonly (LotteryOutcome | undefined)[];
}

/** Applies one lottery's events of one batch. Pure, but for the seed that a new run is given. */
export function decideLottery(
  lotteryId: string,
  state: LotteryState,
  events: readonly SourcedEvent<LotteryEvent>[],
  context: LotteryContext,
): LotteryDecision {
  let run = state.run;
  const resumed = resume(
    withoutExpired(state.cursors, context.now, context.retentionMs),
    events.map(({ record }) => record),
    (index) => {
      const sourced = events[index];
      if (sourced === undefined) throw new RangeError(`No event ${index}`);
      const next = applyLotteryEvent(lotteryId, run, sourced, context);
      run = next.run;
      return encodeLotteryOutcome(next.outcome);
    },
  );
  const changed = resumed.applied > 0;
  return {
    state: changed ? { version: state.version, cursors: resumed.cursors, ...(run && { run }) } : state,
    changed,
    applied: resumed.applied,
    outcomes: resumed.outcomes.map((stored) => stored && decodeLotteryOutcome(stored)),
  };
}

interface Step {
  readonly run: LotteryRun | undefined;
  readonly outcome: LotteryOutcome;
}

function applyLotteryEvent(
  lotteryId: string,
  run: LotteryRun | undefined,
  { event, record }: SourcedEvent<LotteryEvent>,
  context: LotteryContext,
): Step {
  switch (event.type) {
    case 'LotteryStartEvent': {
      if (run && run.status !== 'ended') return rejected(run, 'LOTTERY_ALREADY_STARTED');
      const started = startRun(lotteryId, (run?.run ?? 0) + 1, event, record.arrival, context);
      return { run: started, outcome: { kind: 'started', run: started.run } };
    }
    case 'LotteryStopEvent': {
      if (run?.status !== 'active') return rejected(run, 'LOTTERY_INACTIVE');
      const stopWindow = windowStartOf(record.arrival, context.windowMs);
      const lastWindowStart = Math.min(run.lastWindowStart ?? stopWindow, stopWindow);
      return {
        run: { ...run, status: 'stopped', lastWindowStart },
        outcome: { kind: 'stopped', run: run.run, lastWindowStart },
      };
    }
    default:
      return event satisfies never;
  }
}

/** A lottery with prizes has a window for each, counted from the window of its start; without, it has no bounds. */
function startRun(
  lotteryId: string,
  run: number,
  event: LotteryStartEvent,
  arrival: number,
  { windowMs, newSeedCommitment }: LotteryContext,
): LotteryRun {
  const base = { lotteryId, run, status: 'active', seedCommitment: newSeedCommitment() } as const;
  if (event.prizes === undefined) return base;
  const firstWindowStart = windowStartOf(event.timestamp ?? arrival, windowMs);
  const lastWindowStart = firstWindowStart + (event.prizes.length - 1) * windowMs;
  return { ...base, firstWindowStart, lastWindowStart, prizes: event.prizes };
}

function rejected(run: LotteryRun | undefined, reason: RejectionReason): Step {
  return { run, outcome: { kind: 'rejected', reason } };
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

const startedCode = 0;
const stoppedCode = 1;
/** Codes from here on are rejections: this plus the reason's index. */
const firstRejectionCode = 16;

function encodeLotteryOutcome(outcome: LotteryOutcome): StoredOutcome {
  switch (outcome.kind) {
    case 'started':
      return { code: startedCode, first: outcome.run, second: 0 };
    case 'stopped':
      return { code: stoppedCode, first: outcome.run, second: outcome.lastWindowStart };
    case 'rejected':
      return { code: firstRejectionCode + rejectionReasons.indexOf(outcome.reason), first: 0, second: 0 };
    default:
      return outcome satisfies never;
  }
}

function decodeLotteryOutcome({ code, first, second }: StoredOutcome): LotteryOutcome {
  if (code === startedCode) return { kind: 'started', run: first };
  if (code === stoppedCode) return { kind: 'stopped', run: first, lastWindowStart: second };
  const reason = rejectionReasons[code - firstRejectionCode];
  if (reason === undefined) throw new RangeError(`Stored lottery outcome has unknown code ${code}`);
  return { kind: 'rejected', reason };
}
