import type { OutputEvent } from '../../../client/output-events.ts';

const WINDOW_MS = 10_000;

type Of<Type extends OutputEvent['type']> = Extract<OutputEvent, { type: Type }>;

export function started(fields: Partial<Of<'LotteryStartedEvent'>> = {}): OutputEvent {
  return {
    ...{ type: 'LotteryStartedEvent', lotteryId: 1, run: 1, seedCommitment: 'ab', recordId: 's:0' },
    ...{ windowMs: WINDOW_MS, graceMs: 2_000, firstWindowStart: 0 },
    ...fields,
  };
}

/** A click of lottery 1. */
export function accepted(entryId: string, windowStart = 0): OutputEvent {
  return {
    ...{ type: 'ClickAcceptedEvent', userId: 1, lotteryId: 1, entryId, drawId: `d${windowStart}` },
    ...{ timestamp: windowStart, arrival: windowStart, windowStart, windowEnd: windowStart + WINDOW_MS },
    availableCoupons: 1,
  };
}

export function closed(windowStart: number): OutputEvent {
  return {
    ...{ type: 'DrawClosedEvent', drawId: `d${windowStart}`, lotteryId: 1, run: 1, windowRoot: 'ab' },
    ...{ windowStart, windowEnd: windowStart + WINDOW_MS, blocks: 1, closedAt: windowStart + WINDOW_MS },
  };
}

export function winner(windowStart: number, fields: Partial<Of<'LotteryWinnerEvent'>> = {}): OutputEvent {
  return {
    ...{ type: 'LotteryWinnerEvent', drawId: `d${windowStart}`, lotteryId: 1, userId: 7, entries: 3 },
    ...{ windowStart, windowEnd: windowStart + WINDOW_MS, entryId: 's:1', priority: 'ab', windowSeed: 'cd' },
    ...fields,
  };
}

export function rejected(recordId: string, reason = 'NO_COUPON'): OutputEvent {
  return { type: 'EventRejectedEvent', reason, message: 'no', recordId };
}
