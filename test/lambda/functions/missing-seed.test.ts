import { beforeEach, describe, expect, test } from 'vitest';
import { buy, click } from '../../support/client-events.ts';
import { activeRun, graceMs, secondRun, seed, windowMs } from '../../support/events.ts';
import { partialWithPriority } from '../../support/partials.ts';
import { Pipeline } from '../../support/pipeline.ts';
import { kinesisRecord, sequenceNumber } from '../../support/records.ts';

/** Lottery 1's seed is taken away, or changed, by hand; lottery 2 has another one and must not notice. */

const dueAt = windowMs + graceMs;
const other = { lotteryId: '2', run: 2 };

let pipeline: Pipeline;
let position = 0;

const arrives = (arrival: number, value: object) => {
  position += 1;
  return kinesisRecord(position, value, { arrival });
};

beforeEach(() => {
  pipeline = new Pipeline();
  pipeline.lotteries.set(activeRun());
  pipeline.lotteries.set(secondRun({ lotteryId: '2' }));
});

describe('the draw function', () => {
  const partials = () => [
    arrives(1000, partialWithPriority('5')),
    arrives(1000, partialWithPriority('4', other)),
  ];
  const tick = () => arrives(dueAt, { type: 'Tick', lotteryId: '1' });

  test('draws the other lottery; the draw without a seed waits for it, and is then made', async () => {
    pipeline.seeds.forget(seed);
    const { state } = await pipeline.draw([...partials(), tick()]);
    expect(pipeline.lotteryOutputs.take()).toMatchObject([{ type: 'LotteryWinnerEvent', lotteryId: 2 }]);
    expect(Object.keys(state.draws)).toEqual(['1@0']);
    expect(pipeline.telemetry.counts.seedsMissing).toBe(1);
    await pipeline.seeds.keep([seed]);
    await pipeline.draw([tick()], { state });
    expect(pipeline.lotteryOutputs.values).toMatchObject([{ lotteryId: 1, entryId: 'shard:5' }]);
  });

  test('carries the draw without a seed over to the next window', async () => {
    pipeline.seeds.forget(seed);
    await pipeline.draw(partials(), { final: true, windowEnd: dueAt });
    expect(pipeline.entries.values).toMatchObject([{ type: 'PartialDraw', lotteryId: '1', since: 1000 }]);
  });

  test('ends the other lottery; what has no seed to reveal is not ended', async () => {
    pipeline.seeds.forget(seed);
    const ending = { type: 'Ending', lotteryId: '1', run: 1, lastWindowStart: 0 };
    const { state } = await pipeline.draw([arrives(0, ending), arrives(0, { ...ending, ...other }), tick()]);
    expect(pipeline.lotteryOutputs.take()).toMatchObject([{ type: 'LotteryEndedEvent', lotteryId: 2 }]);
    expect((await pipeline.lotteries.current(['1'])).get('1')?.status).toBe('active');
    await pipeline.seeds.keep([seed]);
    await pipeline.draw([tick()], { state });
    expect(pipeline.lotteryOutputs.values).toMatchObject([{ type: 'LotteryEndedEvent', lotteryId: 1, seed }]);
    expect((await pipeline.lotteries.current(['1'])).get('1')?.status).toBe('ended');
  });
});

describe('the user-events function', () => {
  const events = [buy(1, 9), click(1, 1000, 1), click(1, 1000, 2)];

  test('takes no clicks on what it could not enter in a draw, and no coupon for them', async () => {
    pipeline.seeds.forget(seed);
    const batch = pipeline.batch(events);
    expect(await pipeline.userEvents(batch)).toEqual({ batchItemFailures: [] });
    expect(pipeline.userOutputs.values.map(({ type, reason }) => reason ?? type)).toEqual([
      'CouponsBoughtEvent',
      'LOTTERY_INACTIVE',
      'ClickAcceptedEvent',
    ]);
    expect(pipeline.users.items.get('1')?.coupons).toBe(8);
    expect(pipeline.entries.values).toMatchObject([{ lotteryId: '2' }]);
  });

  test('holds back a click that was accepted before, and nothing else', async () => {
    const batch = pipeline.batch(events);
    pipeline.entries.error = new Error('died');
    await expect(pipeline.userEvents(batch)).rejects.toThrow('died');
    pipeline.entries.error = undefined;
    pipeline.userOutputs.take();
    pipeline.seeds.forget(seed);
    expect(await pipeline.userEvents(batch)).toEqual({
      batchItemFailures: [{ itemIdentifier: sequenceNumber(2) }],
    });
    expect(pipeline.userOutputs.take()).toHaveLength(3);
    expect(pipeline.entries.take()).toMatchObject([{ lotteryId: '2' }]);
    await pipeline.seeds.keep([seed]);
    expect(await pipeline.userEvents(batch)).toEqual({ batchItemFailures: [] });
    expect(pipeline.entries.values).toMatchObject([{ lotteryId: '1' }, { lotteryId: '2' }]);
  });
});
