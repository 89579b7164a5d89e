import { hasWindow, type Lotteries, windowOf } from './lotteries.ts';
import type { Settings } from './oracle.ts';
import type { Settled } from './order.ts';
import { drawIdOf, drawOf, says } from './streams.ts';

/** The event ids that were applied last, oldest first; and what went back, by entry and draw. */
export type User = { coupons: number; recentIds: readonly string[]; refunded: readonly string[] };
export const newUser: User = { coupons: 0, recentIds: [], refunded: [] };

/** What an event makes of its user, or what is wrong with its outcome. */
export function userStep(
  user: User,
  settled: Settled,
  settings: Settings,
  lotteries: Lotteries,
): User | string {
  const { said, event } = settled;
  const reason = said.type === 'EventRejectedEvent' ? said.reason : undefined;
  const allowed = allowedFor(user, settled, settings, lotteries);
  if (allowed.some((one) => one === reason)) return user;
  const applied = allowed.find((one) => typeof one === 'object');
  if (!applied || !says(said, applied))
    return `with ${user.coupons} coupons it was ${JSON.stringify(said.json)}, and must be ${JSON.stringify(allowed)}`;
  const entry = event.type === 'CouponRefundEvent' ? [`${event.entryId} ${event.drawId}`] : [];
  const recentIds = event.eventId ? [...user.recentIds, event.eventId].slice(-32) : user.recentIds;
  return { coupons: applied.availableCoupons, recentIds, refunded: [...user.refunded, ...entry] };
}

/** @returns the reasons for which it may be rejected, and the outcome that it may have */
function allowedFor(user: User, settled: Settled, settings: Settings, lotteries: Lotteries) {
  const { event, id: recordId, arrival, said } = settled;
  const { type, userId, lotteryId, drawId, entryId, eventId, timestamp, purchasedCoupons } = event;
  const { windowMs, graceMs, retentionMs, toleranceMs = Infinity } = settings;
  if (eventId && user.recentIds.includes(eventId)) return ['DUPLICATE_EVENT'];
  if (type === 'UserBuyCouponEvent') {
    if (purchasedCoupons < 1) return ['INVALID_COUPON_AMOUNT'];
    const availableCoupons = user.coupons + purchasedCoupons;
    if (availableCoupons > 2 ** 52) return ['COUPON_LIMIT_EXCEEDED'];
    return [{ type: 'CouponsBoughtEvent', userId, purchasedCoupons, availableCoupons, recordId }];
  }
  if (type === 'CouponRefundEvent') {
    // It is honoured for two retentions after it was granted, which was after its draw. Freedom 4 in oracle.ts.
    const isOld = said.at > (drawOf(lotteryId, drawId)?.windowStart ?? 0) + windowMs + 2 * retentionMs;
    if (user.refunded.includes(`${entryId} ${drawId}`))
      return ['DUPLICATE_EVENT', ...(isOld ? ['REFUND_UNKNOWN'] : [])];
    const ids = { userId, lotteryId, entryId, drawId, recordId };
    return ['REFUND_UNKNOWN', { type: 'CouponRefundedEvent', ...ids, availableCoupons: user.coupons + 1 }];
  }
  if (Math.abs(timestamp - arrival) > toleranceMs) return ['TIMESTAMP_OUT_OF_RANGE'];
  // Where its own window was over by its grace when it came, a click is in that of its arrival.
  const own = windowOf(timestamp, settings);
  const isOver = toleranceMs < Infinity && arrival > own + windowMs + graceMs;
  const windowStart = isOver ? windowOf(arrival, settings) : own;
  const refusals = lotteries.mayRefuse(windowStart, settled) ? ['LOTTERY_INACTIVE'] : [];
  const runs = lotteries
    .of(lotteryId)
    .filter((run) => hasWindow(run, windowStart) && lotteries.mayBeActive(run, settled));
  const saidRun = drawOf(lotteryId, said.drawId)?.run;
  const run = runs.find((one) => one.run === saidRun) ?? runs.at(-1);
  if (!run || user.coupons < 1) return [...refusals, ...(run ? ['NO_COUPON'] : [])];
  const ids = { userId, lotteryId, drawId: drawIdOf(lotteryId, run.run, windowStart), entryId: recordId };
  return [
    ...refusals,
    { type: 'ClickAcceptedEvent', ...ids, timestamp, windowStart, availableCoupons: user.coupons - 1 },
  ];
}
