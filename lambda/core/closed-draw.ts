import type { BeaconChain } from './beacon.ts';
import { roundOf, windowSeedCommitment } from './beacon.ts';
import { rootOf } from './block.ts';
import type { SeededRun } from './lottery.ts';
import { rootOfHashes } from './merkle.ts';
import { drawIdOf } from './window.ts';

/**
 * A draw whose entries are fixed: written once, before anybody can know the round that draws. What comes after is in no
 * draw, and gives its coupon back. Times in ms.
 */
export interface ClosedDraw {
  readonly drawId: string;
  readonly lotteryId: string;
  readonly run: number;
  readonly windowStart: number;
  readonly windowEnd: number;
  /** References of its blocks (block.ts), in the order of their roots, each root once. */
  readonly blocks: readonly string[];
  /** RFC 6962 over the roots of its blocks, ascending, each as the data of a leaf. */
  readonly windowRoot: string;
  readonly windowSeedCommitment: string;
  /** The clock that its round was chosen by (`closingTime`). */
  readonly closedAt: number;
  /** Absent where the run has no beacon: then it is drawn at once. */
  readonly beacon?: { readonly chain: BeaconChain; readonly round: number };
}

/**
 * @param blocks references, in any order, repeated or not; one at least
 * @param closedAt ms
 */
export function closedDraw(
  run: SeededRun,
  windowStart: number,
  blocks: readonly string[],
  closedAt: number,
): ClosedDraw {
  const { lotteryId, windowMs, graceMs, beacon: chain, replay } = run;
  const windowEnd = windowStart + windowMs;
  const distinct = byRoot(blocks);
  // In a replay windows lie where events say: one of the year 2099 is as complete, and waits for no round of then.
  const windowOverAt = replay ? closedAt : windowEnd + graceMs;
  return {
    drawId: drawIdOf({ lotteryId, run: run.run, windowStart }),
    ...{ lotteryId, run: run.run, windowStart, windowEnd },
    blocks: distinct,
    windowRoot: rootOfHashes(distinct.map(rootOf)),
    windowSeedCommitment: windowSeedCommitment(run.seed, lotteryId, windowStart),
    closedAt,
    ...(chain && { beacon: { chain, round: roundOf(chain, windowOverAt, closedAt) } }),
  };
}

/** In the order of their roots: of those with one root, that in the object whose name is the smallest. */
function byRoot(blocks: readonly string[]): string[] {
  const kept = new Map<string, string>();
  for (const block of blocks) {
    const known = kept.get(rootOf(block));
    if (known === undefined || block < known) kept.set(rootOf(block), block);
  }
  return [...kept].toSorted(([left], [right]) => (left < right ? -1 : 1)).map(([, block]) => block);
}

/** For how long a tick's arrival is taken as now: less than the beacon's delay, by what has to remain of it, ms. */
const arrivalCountsMs = 1_000;

/**
 * When a draw is closed: at the arrival of the tick that says that its window is complete, by the stream's own clock. Where
 * that is longer ago than a second, since the function was behind, or the tick was given up and is redriven, a round
 * counted from then may be published already, or soon, and whoever held the tick up could know it: it is closed now. So 2 s at least remain.
 */
export function closingTime(tickArrival: number, now: number): number {
  return now - tickArrival < arrivalCountsMs ? tickArrival : now;
}
