/** Events as clients send them. Ids are of any kind, since some tests send odd ones. */

export function start(lotteryId: unknown = 1, fields: object = {}) {
  return { type: 'LotteryStartEvent', lotteryId, ...fields };
}

export function stop(lotteryId: unknown = 1) {
  return { type: 'LotteryStopEvent', lotteryId };
}

export function buy(userId: unknown, purchasedCoupons = 100, fields: object = {}) {
  return { type: 'UserBuyCouponEvent', userId, purchasedCoupons, ...fields };
}

export function click(userId: unknown, timestamp: number, lotteryId: unknown = 1, fields: object = {}) {
  return { type: 'UserClickEvent', timestamp, userId, lotteryId, ...fields };
}
