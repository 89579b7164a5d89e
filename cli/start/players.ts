import { route } from '../../client/event-lines.ts';
import type { Producer } from '../../client/producer.ts';
import { isUnreachable } from '../../client/unreachable.ts';
import type { Clock } from '../../local/clock.ts';

/** Simulated players: enough to see every window drawn, slow enough to read along. */
const PLAYERS = 4;
const LOTTERY_ID = 1;
const COUPONS_A_TIME = 10;
const FASTEST_CLICK_MS = 1_000;
const SLOWEST_CLICK_MS = 5_000;

/** Starts a lottery and plays until the signal is aborted. */
export async function play(producer: Producer, clock: Clock, signal: AbortSignal): Promise<void> {
  await put(producer, { type: 'LotteryStartEvent', lotteryId: LOTTERY_ID });
  const players = Array.from({ length: PLAYERS }, (_, index) => player(index + 1, producer, clock, signal));
  await Promise.all(players);
}

async function player(userId: number, producer: Producer, clock: Clock, signal: AbortSignal): Promise<void> {
  for (let coupons = 0; !signal.aborted; coupons -= 1) {
    if (coupons === 0) {
      await put(producer, { type: 'UserBuyCouponEvent', userId, purchasedCoupons: COUPONS_A_TIME });
      coupons = COUPONS_A_TIME;
    }
    await clock.sleep(FASTEST_CLICK_MS + Math.random() * (SLOWEST_CLICK_MS - FASTEST_CLICK_MS), signal);
    if (signal.aborted) return;
    await put(producer, { type: 'UserClickEvent', timestamp: clock.now(), userId, lotteryId: LOTTERY_ID });
  }
}

/** Where a broker of somebody else's does not answer, a player has clicked in vain. @throws what else putting throws */
async function put(producer: Producer, event: object): Promise<void> {
  const text = JSON.stringify(event);
  try {
    await producer.put({ ...route(text), data: Buffer.from(text) });
  } catch (error) {
    if (!isUnreachable(error)) throw error;
  }
}
