import type { Entry } from './block.ts';
import { priorityBytes, priorityHex, windowSeed } from './fairness.ts';
import type { SeededRun } from './lottery.ts';
import { prizeOf } from './lottery.ts';
import { drawIdOf } from './window.ts';

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
  /** References of the blocks that it was made of (block.ts). */
  readonly blocks: readonly string[];
}

/**
 * The draw of a window: among its entries the lowest priority wins.
 * @param entries by their ids, with their users; one at least
 * @param blocks that they come from
 */
export function drawFrom(
  run: SeededRun,
  windowStart: number,
  entries: ReadonlyMap<string, string>,
  blocks: readonly string[],
): StoredDraw {
  const { lotteryId, windowMs } = run;
  const seed = windowSeed(run.seed, lotteryId, windowStart);
  const prize = prizeOf(run, windowStart);
  return {
    drawId: drawIdOf({ lotteryId, run: run.run, windowStart }),
    ...{ lotteryId, run: run.run, windowStart },
    windowEnd: windowStart + windowMs,
    winner: winnerOf(entries, seed),
    entries: entries.size,
    windowSeed: seed,
    ...(prize === undefined ? {} : { prize }),
    blocks,
  };
}

function winnerOf(entries: ReadonlyMap<string, string>, seed: string): Winner {
  let best: { readonly entry: Entry; readonly bytes: string } | undefined;
  for (const entry of entries) {
    const bytes = priorityBytes(seed, entry[0]);
    if (best === undefined || bytes < best.bytes) best = { entry, bytes };
  }
  if (best === undefined) throw new RangeError('A draw without entries');
  const [entryId, userId] = best.entry;
  return { entryId, userId, priority: priorityHex(best.bytes) };
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
