import { priority, windowSeed } from './fairness.ts';
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
