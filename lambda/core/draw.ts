import { priority, windowSeed } from './fairness.ts';
import { idToWire } from './ids.ts';
import type { LotteryRun, SeededRun } from './lottery.ts';
import { hasWindow, prizeOf } from './lottery.ts';
import type { Entry, PartialDraw } from './partial-draw.ts';
import { drawIdOf, windowStartOf } from './window.ts';

/** A draw as the draws table keeps it: written once, never changed. Times in ms. */
export interface StoredDraw {
  readonly drawId: string;
  readonly lotteryId: string;
  readonly run: number;
  readonly windowStart: number;
  readonly windowEnd: number;
  readonly winner: Entry;
  /** How many clicks were counted (a crash may count one twice). */
  readonly entries: number;
  readonly windowSeed: string;
  readonly prize?: string;
}

/** The draw that a merged partial makes, were it the first. */
export function drawFrom(partial: PartialDraw, run: SeededRun, windowMs: number): StoredDraw {
  const { lotteryId, windowStart } = partial;
  const prize = prizeOf(run, windowStart, windowMs);
  return {
    drawId: drawIdOf(partial),
    lotteryId,
    run: partial.run,
    windowStart,
    windowEnd: windowStart + windowMs,
    winner: partial.best,
    entries: partial.entries,
    windowSeed: windowSeed(run.seed, lotteryId, windowStart),
    ...(prize === undefined ? {} : { prize }),
  };
}

/**
 * The entry of ours that would have won a draw that was made without it, if there is one. The same entry is
 * no news, and one with a higher priority number lost.
 */
export function lateWinnerOf(partial: PartialDraw, stored: StoredDraw): Entry | undefined {
  const isBetter = partial.best.priority < stored.winner.priority;
  return isBetter && partial.best.entryId !== stored.winner.entryId ? partial.best : undefined;
}

/**
 * What became of an entry that came too late for its draw and would have won it. Written once, like a draw:
 * delivered again, the entry goes to the same place. Times in ms.
 */
export interface LateEntry {
  readonly entryId: string;
  readonly userId: string;
  readonly lotteryId: string;
  readonly run: number;
  /** The draw that it came too late for. */
  readonly drawId: string;
  /** The window that it was moved to; absent where the lottery had none left and the coupon goes back. */
  readonly movedTo?: number;
  readonly settledAt: number;
}

/**
 * Where a late entry goes: to the window of `clock`, if the lottery still has that window in the same run, else
 * nowhere (the coupon goes back).
 *
 * @param current the lottery's run of now, which may be a later one than the draw's
 */
export function settleLate(
  entry: Entry,
  draw: StoredDraw,
  current: LotteryRun | undefined,
  clock: number,
  windowMs: number,
): LateEntry {
  const { lotteryId, run, drawId } = draw;
  const settled = { entryId: entry.entryId, userId: entry.userId, lotteryId, run, drawId, settledAt: clock };
  const windowStart = windowStartOf(clock, windowMs);
  const isOpen = current?.run === run && current.status !== 'ended' && hasWindow(current, windowStart);
  return isOpen ? { ...settled, movedTo: windowStart } : settled;
}

/** The partial that brings a moved entry into its new window, with the priority of that window's seed. */
export function movedPartial(late: LateEntry, windowStart: number, run: SeededRun): PartialDraw {
  const { lotteryId, entryId, userId } = late;
  const seed = windowSeed(run.seed, lotteryId, windowStart);
  const best = { entryId, userId, priority: priority(seed, entryId) };
  return { lotteryId, run: late.run, windowStart, best, entries: 1 };
}

/** On lottery-events-output. */
export interface LotteryWinnerEvent {
  readonly type: 'LotteryWinnerEvent';
  readonly drawId: string;
  readonly lotteryId: number | string;
  readonly run: number;
  readonly userId: number | string;
  readonly windowStart: number;
  readonly windowEnd: number;
  readonly entries: number;
  readonly entryId: string;
  readonly priority: string;
  readonly windowSeed: string;
  readonly prize?: string;
}

export function winnerEvent(draw: StoredDraw): LotteryWinnerEvent {
  const { winner, prize } = draw;
  return {
    type: 'LotteryWinnerEvent',
    drawId: draw.drawId,
    lotteryId: idToWire(draw.lotteryId),
    run: draw.run,
    userId: idToWire(winner.userId),
    windowStart: draw.windowStart,
    windowEnd: draw.windowEnd,
    entries: draw.entries,
    entryId: winner.entryId,
    priority: winner.priority,
    windowSeed: draw.windowSeed,
    ...(prize === undefined ? {} : { prize }),
  };
}

/** On user-events-output: a receipt's entry takes part in another draw than the receipt says. */
export interface EntryMovedEvent {
  readonly type: 'EntryMovedEvent';
  readonly lotteryId: number | string;
  readonly userId: number | string;
  readonly entryId: string;
  readonly fromDrawId: string;
  readonly drawId: string;
  readonly windowStart: number;
}

export function entryMovedEvent(late: LateEntry, windowStart: number): EntryMovedEvent {
  return {
    type: 'EntryMovedEvent',
    lotteryId: idToWire(late.lotteryId),
    userId: idToWire(late.userId),
    entryId: late.entryId,
    fromDrawId: late.drawId,
    drawId: drawIdOf({ lotteryId: late.lotteryId, run: late.run, windowStart }),
    windowStart,
  };
}

/** On user-events-input, where balances change: it names the refund, the draws table proves it. */
export function couponRefundEvent({ userId, lotteryId, drawId, entryId }: LateEntry): object {
  return { type: 'CouponRefundEvent', userId, lotteryId, drawId, entryId };
}

/** On lottery-events-output: the lottery's run is over, and its draws can be checked against the seed. */
export interface LotteryEndedEvent {
  readonly type: 'LotteryEndedEvent';
  readonly lotteryId: number | string;
  readonly run: number;
  readonly seed: string;
  readonly seedCommitment: string;
}

export function lotteryEndedEvent({ lotteryId, run, seed, seedCommitment }: SeededRun): LotteryEndedEvent {
  return {
    type: 'LotteryEndedEvent',
    lotteryId: idToWire(lotteryId),
    run,
    seed,
    seedCommitment,
  };
}
