import { maximumPrizes } from '../../lambda/core/events.ts';
import { idToWire, innerIdSchema } from '../../lambda/core/ids.ts';

/** What is typed in for a key. */
export type Asked = 'start' | 'buy' | 'click';

/** An event to put, or what is wrong with what was typed, in a line. */
export type Understood = { event: object } | { problem: string };

const MOST_COUPONS = 2 ** 32;
const USUAL_COUPONS = 10;

export const questions: Readonly<Record<Asked, string>> = {
  start: 'Start lottery (ID, or ID PRIZE, PRIZE, ...)',
  buy: `Buy for user (USER, or USER COUPONS; ${USUAL_COUPONS} without)`,
  click: 'Click as user (USER)',
};

/** `promo` or `promo car, bike`. */
export function startOf(text: string): Understood {
  const [, id = '', rest = ''] = /^\s*(\S*)\s*(.*)$/s.exec(text) ?? [];
  const prizes = rest
    .split(',')
    .map((prize) => prize.trim())
    .filter((prize) => prize !== '');
  if (prizes.length > maximumPrizes) return { problem: `A run has ${maximumPrizes} prizes at most` };
  return withId(id, 'lottery', (lotteryId) => ({
    ...{ type: 'LotteryStartEvent', lotteryId },
    ...(prizes.length > 0 && { prizes }),
  }));
}

export function stopOf(lotteryId: string): object {
  return { type: 'LotteryStopEvent', lotteryId: idToWire(lotteryId) };
}

/** `7` or `7 25`. */
export function buyOf(text: string): Understood {
  const [id = '', coupons = String(USUAL_COUPONS), more] = text.trim().split(/\s+/);
  const purchasedCoupons = Number(coupons);
  if (more !== undefined || !/^\d+$/.test(coupons) || purchasedCoupons < 1 || purchasedCoupons > MOST_COUPONS)
    return { problem: `COUPONS is a whole number from 1 to ${MOST_COUPONS}` };
  return withId(id, 'user', (userId) => ({ type: 'UserBuyCouponEvent', userId, purchasedCoupons }));
}

/** @param timestamp ms */
export function clickOf(text: string, lotteryId: string, timestamp: number): Understood {
  return withId(text.trim(), 'user', (userId) => ({
    ...{ type: 'UserClickEvent', timestamp },
    ...{ userId, lotteryId: idToWire(lotteryId) },
  }));
}

function withId(text: string, what: 'lottery' | 'user', event: (id: number | string) => object): Understood {
  if (text === '') return { problem: `There is no ${what} without an id` };
  const { success } = innerIdSchema.safeParse(text);
  if (!success) return { problem: `The id of a ${what} has 1 to 128 characters` };
  return { event: event(idToWire(text)) };
}
