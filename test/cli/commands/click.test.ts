import { expect, it } from 'vitest';
import { command } from '../../../cli/commands/click.ts';
import { environmentOf, type Pipeline, run, streams } from './support.ts';

/** Users have the coupons that they buy. */
function pipeline(): Pipeline {
  let coupons = 0;
  return {
    outcomeOf({ type, userId, lotteryId, timestamp }) {
      if (type === 'UserBuyCouponEvent') {
        coupons += 1;
        return { type: 'CouponsBoughtEvent', userId, purchasedCoupons: 1, availableCoupons: coupons };
      }
      if (coupons === 0) return { type: 'EventRejectedEvent', reason: 'NO_COUPON', message: 'None' };
      const draw = { drawId: 'promo@0', windowStart: 0, windowEnd: 1, arrival: 0, availableCoupons: 0 };
      return { type: 'ClickAcceptedEvent', userId, lotteryId, timestamp, ...draw };
    },
  };
}

it.each([
  ['on this machine', true, [], true],
  ['on this machine, but forbidden', true, ['--no-buy'], false],
  ['on a deployed environment', false, [], false],
  ['on a deployed environment, but asked for', false, ['--buy'], true],
])('%s: a coupon is bought: %s, %j, %s', async (_, isLocal, options, isBought) => {
  const { kinesis, put } = streams(pipeline());
  const clicking = run(command, environmentOf({ kinesis }, { isLocal }), '7', 'promo', ...options);
  if (isBought) {
    expect(await clicking).toEqual({
      printed: ['user 7 clicked in lottery promo (draw promo@0), 0 coupons left'],
      noted: ['User 7 had no coupon: bought one'],
    });
  } else await expect(clicking).rejects.toThrow('rejected: None (NO_COUPON)');
  expect(put.includes('UserBuyCouponEvent')).toBe(isBought);
});

it('of which nothing comes says that it was put all the same', async () => {
  const { kinesis } = streams({ outcomeOf: () => undefined });
  await expect(run(command, environmentOf({ kinesis }), '7', 'promo', '--timeout', '2')).rejects.toThrow(
    'It was put, and the outcome of shardId-000000000000:1 has not come within 2 s: lottery status says what is behind',
  );
});
