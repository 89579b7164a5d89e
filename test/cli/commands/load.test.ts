import { expect, it } from 'vitest';
import { command } from '../../../cli/commands/load.ts';
import { environmentOf, type Pipeline, run, streams } from './support.ts';

const options = ['--rate', '1', '--users', '1', '--seconds', '1', '--timeout', '1'];
const whole = ['UserBuyCouponEvent', 'LotteryStartEvent', 'LotteryStopEvent'];

/** Of starts and stops nothing comes. */
const outcomeOf: Pipeline['outcomeOf'] = ({ type, userId, purchasedCoupons }) =>
  type === 'UserBuyCouponEvent'
    ? { type: 'CouponsBoughtEvent', userId, purchasedCoupons, availableCoupons: 1 }
    : undefined;

it('stops the lottery whose start has no outcome in time: it may start yet, and would go on for ever', async () => {
  const { kinesis, put } = streams({ outcomeOf });
  await expect(run(command, environmentOf({ kinesis }), ...options)).rejects.toThrow(
    /^Lottery load-\w+ has not started within 1 s$/,
  );
  expect(put).toEqual(whole);
});

it('stops its lottery where what comes out can be read no more', async () => {
  const { kinesis, put } = streams({
    outcomeOf,
    onRead(types) {
      if (types.includes('LotteryStartEvent')) throw new Error('You may not read this stream');
    },
  });
  await expect(run(command, environmentOf({ kinesis }), ...options)).rejects.toThrow(
    'You may not read this stream',
  );
  expect(put).toEqual(whole);
});
