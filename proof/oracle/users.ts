import { type Lotteries, windowOf } from './lotteries.ts';
import type { Settings } from './oracle.ts';
import type { Settled } from './order.ts';
import { drawIdOf, drawOf, says, wire } from './streams.ts';

const MOST_IDS = 32;
const MOST_COUPONS = 2 ** 52;

export interface User {
  coupons: number;
  /** The event ids that were applied last, oldest first. */
  recentIds: readonly string[];
  /** What went back, by entry and draw. */
  refunded: readonly string[];
}

export const newUser: User = { coupons: 0, recentIds: [], refunded: [] };

/** What an event makes of its user, or what is wrong with its outcome. */
export function userStep(
  user: User,
  settled: Settled,
  settings: Settings,
  lotteries: Lotteries,
): User | string {
  const { said, event } = settled;
  const was = said.type === 'EventRejectedEvent' ? said.reason : said.type;
  const allowed = allowedFor(user, settled, settings, lotteries);
  if (allowed.some((one) => one === was)) return user;
  const applied = allowed.find((one) => typeof one === 'object');
  if (!applied || !says(said, applied))
    return `with ${user.coupons} coupons it was ${JSON.stringify(said.json)}, and must be ${JSON.stringify(allowed)}`;
  return {
    coupons: applied.availableCoupons,
    recentIds: event.eventId ? [...user.recentIds, event.eventId].slice(-MOST_IDS) : user.recentIds,
    refunded:
      event.type === 'CouponRefundEvent'
        ? [...user.refunded, `${event.entryId} ${event.drawId}`]
        : user.refunded,
  };
}

/** @returns the reasons for which it may be rejected, and the outcome that it may have */
function allowedFor(
  user: User,
  settled: Settled,
  settings: Settings,
  lotteries: Lotteries,
): (string | { availableCoupons: number })[] {
  const { event, id, arrival, said } = settled;
  const { purchasedCoupons, lotteryId, timestamp = 0, entryId, drawId } = event;
  const availableCoupons = user.coupons + (purchasedCoupons ?? 1);
  const [userId, lottery] = [wire(event.userId), wire(lotteryId ?? '')];
  if (event.eventId && user.recentIds.includes(event.eventId)) return ['DUPLICATE_EVENT'];
  if (event.type === 'UserBuyCouponEvent') {
    if (purchasedCoupons < 1) return ['INVALID_COUPON_AMOUNT'];
    if (availableCoupons > MOST_COUPONS) return ['COUPON_LIMIT_EXCEEDED'];
    const bought = { type: 'CouponsBoughtEvent', userId, purchasedCoupons, recordId: id };
    return [{ ...bought, availableCoupons }];
  }
  if (event.type === 'CouponRefundEvent') {
    // It is honoured for two retentions after it was granted, which was after its draw. Freedom 4 in oracle.ts.
    const drawnAt = (drawOf(lotteryId, drawId)?.windowStart ?? 0) + settings.windowMs;
    const isOld = said.at > drawnAt + 2 * settings.retentionMs;
    if (user.refunded.includes(`${entryId} ${drawId}`))
      return isOld ? ['DUPLICATE_EVENT', 'REFUND_UNKNOWN'] : ['DUPLICATE_EVENT'];
    const refunded = {
      type: 'CouponRefundedEvent',
      userId,
      lotteryId: lottery,
      entryId,
      drawId,
      recordId: id,
    };
    return ['REFUND_UNKNOWN', { ...refunded, availableCoupons }];
  }
  if (Math.abs(timestamp - arrival) > (settings.toleranceMs ?? Infinity)) return ['TIMESTAMP_OUT_OF_RANGE'];
  // Where its own window was over by its grace when it came, a click is in that of its arrival.
  const own = windowOf(timestamp, settings);
  const isOver = settings.toleranceMs !== undefined && arrival > own + settings.windowMs + settings.graceMs;
  const windowStart = isOver ? windowOf(arrival, settings) : own;
  const refusals = lotteries.mayRefuse(windowStart, settled) ? ['LOTTERY_INACTIVE'] : [];
  const taking = lotteries.of(lotteryId).filter((run) => lotteries.mayTake(run, windowStart, settled));
  if (user.coupons < 1) return taking.length > 0 ? [...refusals, 'NO_COUPON'] : refusals;
  const run = taking.find((one) => one.run === drawOf(lotteryId, said.drawId)?.run) ?? taking.at(-1);
  if (!run) return refusals;
  const entry = {
    type: 'ClickAcceptedEvent',
    userId,
    lotteryId: lottery,
    timestamp,
    entryId: id,
    windowStart,
  };
  const receipt = {
    ...entry,
    drawId: drawIdOf(lotteryId, run.run, windowStart),
    availableCoupons: user.coupons - 1,
  };
  return [...refusals, receipt];
}
