import type { BeaconChain } from './beacon.ts';

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
  /** References of its blocks (block.ts), ascending, each root once. */
  readonly blocks: readonly string[];
  /** RFC 6962 over the roots of its blocks, ascending, each as the data of a leaf. */
  readonly windowRoot: string;
  readonly windowSeedCommitment: string;
  /** Arrival on the entries stream of the tick that closed it. */
  readonly closedAt: number;
  /** Absent where the run has no beacon: then it is drawn at once. */
  readonly beacon?: { readonly chain: BeaconChain; readonly round: number };
}
