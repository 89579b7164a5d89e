import { idToWire } from '../../lambda/core/ids.ts';

export interface Players {
  /** Events a second. */
  rate: number;
  users: number;
  seconds: number;
}

/** Clicks in all, users who click at all, and what each of them needs to buy. */
export function planOf({ rate, users, seconds }: Players): {
  clicks: number;
  users: number;
  coupons: number;
} {
  const clicks = rate * seconds;
  const clicking = Math.min(users, clicks);
  return { clicks, users: clicking, coupons: Math.ceil(clicks / clicking) };
}

/** Users of one load only: of others it would take the coupons. @param name of the load */
export function buyEvent(name: string, index: number, purchasedCoupons: number): object {
  return {
    type: 'UserBuyCouponEvent',
    userId: `${name}-${index}`,
    purchasedCoupons,
    eventId: `${name}-b${index}`,
  };
}

/** Users click in turns. @param timestamp ms */
export function clickEvent(
  { name, users, lotteryId }: { name: string; users: number; lotteryId: string },
  index: number,
  timestamp: number,
): object {
  const ids = { userId: `${name}-${index % users}`, lotteryId: idToWire(lotteryId) };
  // With an id of its own a put that the SDK repeats counts once.
  return { type: 'UserClickEvent', timestamp, ...ids, eventId: `${name}-c${index}` };
}
