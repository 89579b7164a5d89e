/**
 * The draw that cheats start from. Who cheats signs with the real keys and makes all that follows anew: only what a lie
 * cannot change is left to find it by.
 */
import { batchesOf, check, type DrawOptions, draw, drawIdOf, type Event, ended, started } from './lottery.ts';

export const options: DrawOptions = { window: 0, batches: batchesOf(0), beacon: true };
export const honest = draw(options);
export const drawId = drawIdOf(0);

/** The file of the run, with what was put in the place of the honest events. */
export const fileOf = (drawn: { receipts?: Event[]; close?: Event; winner?: Event }, more: Event[] = []) => [
  started(true),
  ...(drawn.receipts ?? honest.receipts),
  drawn.close ?? honest.close,
  drawn.winner ?? honest.winner,
  ...more,
  ended(),
];

/** What gives a coupon back. */
export const refundOf = ({ userId, entryId }: Event): Event => ({
  ...{ type: 'CouponRefundedEvent', lotteryId: 7, userId, entryId, drawId, availableCoupons: 4 },
  recordId: `x:${entryId}`,
});

/** Its first cause, and nothing else beside it but what follows from that. */
export async function causeOf(events: Event[], sheets: string[], receipt?: Event) {
  const { failed, failures, receipt: own } = await check(events, sheets, receipt);
  const [place = '', cause = ''] = failed.split('\n');
  return { failures, cause: /^ {6}(?!so also)/.test(cause) ? cause.trim() : place, own };
}
