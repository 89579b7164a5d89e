import { describe, expect, test } from 'vitest';
import { parseBlock } from '../../../lambda/core/block.ts';
import { buy, click, start } from '../../support/client-events.ts';
import { dueAtOf, tickOf } from '../../support/partials.ts';
import { Pipeline } from '../../support/pipeline.ts';

/** The four test scenarios of the Flink job that this system replaces, through the functions as Lambda calls them. */

/** Has all windows drawn up to a time. @returns the winners */
async function drawAll(pipeline: Pipeline): Promise<Record<string, unknown>[]> {
  await pipeline.draw([...pipeline.arrivals(), ...pipeline.records([tickOf({ windowStart: 60_000 })])]);
  return pipeline.announced().filter(({ type }) => type === 'LotteryWinnerEvent');
}

/** Each event arrives when it is made. */
async function clicksInTime(pipeline: Pipeline, clicks: readonly ReturnType<typeof click>[]): Promise<void> {
  for (const each of clicks) {
    pipeline.now = each.timestamp;
    await pipeline.userEvents(pipeline.batch([each]));
  }
}

describe('the scenarios of the Flink job', () => {
  test('1: each of the four rejections has its message', async () => {
    const pipeline = new Pipeline();
    await pipeline.lotteryEvents(pipeline.batch([start(), start()]));
    await pipeline.userEvents(pipeline.batch([buy(1, -1), click(1, 1000, 2), click(1, 1000)]));
    const outputs = [...pipeline.announced(), ...pipeline.userOutputs.values];
    const rejected = outputs.filter(({ type }) => type === 'EventRejectedEvent');
    expect(rejected.map(({ reason, message }) => [reason, message])).toEqual([
      ['LOTTERY_ALREADY_STARTED', 'Cannot start already started lottery, lotteryId: 1'],
      ['INVALID_COUPON_AMOUNT', 'purchasedCoupons must be at least 1, was -1, userId: 1'],
      ['LOTTERY_INACTIVE', 'Cannot click on inactive lottery, lotteryId: 2'],
      ['NO_COUPON', 'User has no coupon, userId: 1'],
    ]);
    expect(pipeline.entries.values).toEqual([]);
  });

  test('2: a click with a coupon on a started lottery goes on, exactly as it is', async () => {
    const pipeline = new Pipeline();
    await pipeline.lotteryEvents(pipeline.batch([start()]));
    await pipeline.userEvents(pipeline.batch([buy(1, 100), click(1, 1000)]));
    expect(pipeline.userOutputs.values[1]).toMatchObject({
      type: 'ClickAcceptedEvent',
      lotteryId: 1,
      userId: 1,
      timestamp: 1000,
      availableCoupons: 99,
    });
    expect(pipeline.entries.values).toMatchObject([
      { type: 'PartialDraw', lotteryId: '1', windowStart: 0, dueAt: dueAtOf(0) },
    ]);
    expect([...pipeline.blocks.texts.values()].map((text) => parseBlock(text))).toMatchObject([
      { '1@0': [[expect.anything(), '1']] },
    ]);
  });

  test('3: windows of 5 s have one winner each, two in all', async () => {
    const pipeline = new Pipeline({ windowMs: 5_000 });
    await pipeline.lotteryEvents(pipeline.batch([start()]));
    await pipeline.userEvents(pipeline.batch([1, 2, 3, 4].map((userId) => buy(userId, 100))));
    const clicks = [click(1, 1000), click(2, 2000), click(3, 3000), click(4, 6000), click(1, 7000)];
    await clicksInTime(pipeline, clicks);
    const winners = await drawAll(pipeline);
    expect(winners.map(({ windowStart, windowEnd, entries }) => [windowStart, windowEnd, entries])).toEqual([
      [0, 5_000, 3],
      [5_000, 10_000, 2],
    ]);
    expect([1, 2, 3]).toContain(winners[0]?.userId);
    expect([1, 4]).toContain(winners[1]?.userId);
  });

  test('4: the pipeline has two winners, and user 3 is one of them', async () => {
    const pipeline = new Pipeline();
    await pipeline.lotteryEvents(pipeline.batch([start()]));
    await pipeline.userEvents(pipeline.batch([1, 2, 3].map((userId) => buy(userId, 100))));
    await clicksInTime(pipeline, [click(1, 1000), click(2, 5000), click(3, 11_000)]);
    expect(pipeline.userOutputs.values.map(({ availableCoupons }) => availableCoupons).toSorted()).toEqual([
      100, 100, 100, 99, 99, 99,
    ]);
    const winners = await drawAll(pipeline);
    expect(winners.map(({ windowStart }) => windowStart)).toEqual([0, 10_000]);
    expect([1, 2]).toContain(winners[0]?.userId);
    expect(winners[1]?.userId).toBe(3);
  });
});

describe('defects of the Flink job that this system does not have', () => {
  test('five clicks on one coupon: one is accepted, and none is left', async () => {
    const pipeline = new Pipeline();
    await pipeline.lotteryEvents(pipeline.batch([start()]));
    await pipeline.userEvents(
      pipeline.batch([buy(1, 1), ...[1, 2, 3, 4, 5].map((timestamp) => click(1, timestamp))]),
    );
    const types = pipeline.userOutputs.values.map(({ type }) => type);
    expect(types.filter((type) => type === 'ClickAcceptedEvent')).toHaveLength(1);
    expect(pipeline.users.items.get('1')?.coupons).toBe(0);
  });

  test.each([
    ['competes in the window of its arrival', 3_600_000, 'ClickAcceptedEvent', 2],
    ['is rejected beyond the tolerance', 3_600_001, 'TIMESTAMP_OUT_OF_RANGE', 1],
  ])('a click far in the future closes no window: it %s', async (_, timestamp, outcome, entries) => {
    const pipeline = new Pipeline();
    await pipeline.lotteryEvents(pipeline.batch([start()]));
    await pipeline.userEvents(pipeline.batch([buy(1, 9), click(1, timestamp), click(1, 1000)]));
    expect(pipeline.userOutputs.values.map(({ type, reason }) => reason ?? type)[1]).toBe(outcome);
    const { state } = await pipeline.draw(pipeline.arrivals());
    expect(pipeline.announced().map(({ type }) => type)).toEqual(['LotteryStartedEvent']);
    await pipeline.draw(pipeline.records([tickOf()]), { state });
    expect(pipeline.announced().slice(1)).toMatchObject([{ windowStart: 0, entries }]);
  });
});
