import type { ClosedDraw } from './closed-draw.ts';
import type { Refund, StoredDraw } from './draw.ts';
import { idToWire } from './ids.ts';
import type { SeededRun } from './lottery.ts';

/** On lottery-events-output: the entries are fixed, and nobody knows who wins. */
export interface DrawClosedEvent {
  readonly type: 'DrawClosedEvent';
  readonly drawId: string;
  readonly lotteryId: number | string;
  readonly run: number;
  readonly windowStart: number;
  readonly windowEnd: number;
  readonly windowRoot: string;
  /** How many. */
  readonly blocks: number;
  readonly windowSeedCommitment: string;
  readonly closedAt: number;
  /** Both absent where the run has no beacon. */
  readonly round?: number;
  readonly chainHash?: string;
}

export function drawClosedEvent(draw: ClosedDraw): DrawClosedEvent {
  const { drawId, run, windowStart, windowEnd, windowRoot, windowSeedCommitment, closedAt, beacon } = draw;
  return {
    ...{ type: 'DrawClosedEvent', drawId, lotteryId: idToWire(draw.lotteryId), run, windowStart, windowEnd },
    ...{ windowRoot, blocks: draw.blocks.length, windowSeedCommitment, closedAt },
    ...(beacon && { round: beacon.round, chainHash: beacon.chain.chainHash }),
  };
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
  readonly windowRoot: string;
  /** The name of the draw's sheet. */
  readonly sheet: string;
  /** Both absent where the run has no beacon. */
  readonly round?: number;
  readonly beaconSignature?: string;
  readonly prize?: string;
}

export function winnerEvent(draw: StoredDraw): LotteryWinnerEvent {
  const { winner, prize, windowRoot, sheet, beacon } = draw;
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
    ...{ windowRoot, sheet },
    ...(beacon && { round: beacon.round, beaconSignature: beacon.signature }),
    ...(prize === undefined ? {} : { prize }),
  };
}

/** On user-events-input, where balances change: it names the refund, the draws table proves it. */
export function couponRefundEvent({ userId, lotteryId, drawId, entryId }: Refund): object {
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
