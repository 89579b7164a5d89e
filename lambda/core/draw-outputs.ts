import type { LateEntry, StoredDraw } from './draw.ts';
import { idToWire } from './ids.ts';
import type { SeededRun } from './lottery.ts';
import { drawIdOf } from './window.ts';

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
