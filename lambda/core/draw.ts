import type { ClosedDraw } from './closed-draw.ts';
import { windowSeed } from './fairness.ts';
import type { SeededRun } from './lottery.ts';
import { prizeOf } from './lottery.ts';
import type { DrawnDraw, EntriesTally } from './sheet.ts';

/** The entry that won, and why. */
export interface Winner {
  readonly entryId: string;
  readonly userId: string;
  /** SHA-256 in hex (fairness.ts): the lowest wins. */
  readonly priority: string;
}

/** A draw as the draws table keeps it: written once, never changed. Times in ms. */
export interface StoredDraw {
  readonly drawId: string;
  readonly lotteryId: string;
  readonly run: number;
  readonly windowStart: number;
  readonly windowEnd: number;
  readonly winner: Winner;
  /** How many clicks took part. */
  readonly entries: number;
  readonly windowSeed: string;
  readonly prize?: string;
  /** References of the blocks that it was made of: those that it was closed with. */
  readonly blocks: readonly string[];
  readonly windowRoot: string;
  /** The name of its sheet (sheet.ts). */
  readonly sheet: string;
  /** What drew it, with the window's seed; absent where that alone did. */
  readonly beacon?: { readonly round: number; readonly signature: string };
}

/**
 * The draw of a window: among its entries the lowest priority wins.
 * @param tally of the entries that it was closed with
 * @param signature of its round; undefined where it has none
 */
export function drawnFrom(
  run: SeededRun,
  closed: ClosedDraw,
  tally: EntriesTally,
  signature: string | undefined,
): DrawnDraw {
  const { drawId, lotteryId, windowStart, windowEnd, blocks, windowRoot, beacon } = closed;
  const prize = prizeOf(run, windowStart);
  return {
    ...{ drawId, lotteryId, run: closed.run, windowStart, windowEnd },
    winner: tally.winner(),
    entries: tally.entries,
    windowSeed: windowSeed(run.seed, lotteryId, windowStart),
    ...(prize !== undefined && { prize }),
    ...{ blocks, windowRoot },
    ...(beacon && signature !== undefined && { beacon: { round: beacon.round, signature } }),
  };
}

/** A coupon that goes back, since its entry is in no draw. Written once: it is asked for again, and is the same. */
export interface Refund {
  readonly drawId: string;
  readonly entryId: string;
  readonly userId: string;
  readonly lotteryId: string;
  readonly run: number;
  /** ms since the epoch. */
  readonly grantedAt: number;
}
