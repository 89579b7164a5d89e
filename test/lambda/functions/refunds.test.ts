import { beforeEach, describe, expect, test } from 'vitest';
import type { LotteryRun } from '../../../lambda/core/lottery.ts';
import { buy, click } from '../../support/client-events.ts';
import { activeRun, secondRun } from '../../support/events.ts';
import { partialWith, tickOf } from '../../support/partials.ts';
import { Pipeline } from '../../support/pipeline.ts';

let pipeline: Pipeline;

beforeEach(() => {
  pipeline = new Pipeline();
  pipeline.lotteries.set(activeRun());
});

const partial = (entries: readonly number[], fields: Parameters<typeof partialWith>[2] = {}) =>
  partialWith(pipeline.blocks, entries, fields);
const draw = (...values: readonly unknown[]) => pipeline.draw(pipeline.records(values));
/** The entries whose coupons were asked back. */
const refunded = () => pipeline.userInputs.take().map(({ entryId }) => entryId);

/** Draw 1@0 is made with the entries 1 and 2. */
async function makeDraw(): Promise<void> {
  await draw(await partial([1, 2]), tickOf());
  pipeline.takeAnnounced();
}

describe('entries that come after their draw', () => {
  beforeEach(makeDraw);

  test('have their coupons back through the user’s own stream; the draw stays as it was', async () => {
    pipeline.now = 77_000;
    await draw(await partial([3, 4]), tickOf());
    const entryIds = ['shard:3', 'shard:4'];
    expect(pipeline.userInputs.records).toEqual(
      entryIds.map((entryId) => ({
        partitionKey: entryId.slice(-1),
        value: {
          ...{ type: 'CouponRefundEvent', userId: entryId.slice(-1), lotteryId: '1', drawId: '1@0', entryId },
        },
      })),
    );
    expect([...pipeline.refunds.items.values()]).toMatchObject(
      entryIds.map((entryId) => ({ drawId: '1@0', entryId, run: 1, grantedAt: 77_000 })),
    );
    expect(pipeline.announced()).toMatchObject([{ drawId: '1@0', entries: 2 }]);
    expect(pipeline.telemetry.counts).toMatchObject({ drawsMade: 1, entriesRefunded: 2 });
  });

  test('and are in the draw as well, in a block of an earlier attempt, keep their coupons spent', async () => {
    await draw(await partial([2, 3]), tickOf());
    expect(refunded()).toEqual(['shard:3']);
  });

  test('are refunded once, as stored, though they come again and again', async () => {
    for (const now of [77_000, 88_000]) {
      pipeline.now = now;
      await draw(await partial([3]), tickOf());
    }
    expect(refunded()).toEqual(['shard:3', 'shard:3']);
    expect(pipeline.telemetry.counts.entriesRefunded).toBe(1);
    expect([...pipeline.refunds.items.values()]).toMatchObject([{ grantedAt: 77_000 }]);
  });

  test('wait where a block of the draw is missing: nobody can say then who is late', async () => {
    const [first = '', text = ''] = [...pipeline.blocks.texts][0] ?? [];
    pipeline.blocks.texts.delete(first);
    const { state } = await draw(await partial([2, 3]), tickOf());
    expect([refunded(), Object.keys(state.draws)]).toEqual([[], ['1@0']]);
    expect(pipeline.telemetry.counts.blocksMissing).toBe(1);
    pipeline.blocks.texts.set(first, text);
    await pipeline.draw(pipeline.records([tickOf()]), { state });
    expect(refunded()).toEqual(['shard:3']);
  });

  test.each([
    ['has ended', activeRun({ status: 'ended', lastWindowStart: 0 })],
    ['was started again', undefined],
  ])('are refunded where their run %s, and no winner is announced', async (_, run) => {
    if (run) pipeline.lotteries.set(run);
    else {
      pipeline.lotteries.set(activeRun({ status: 'ended', lastWindowStart: 0 }));
      await pipeline.lotteries.write([{ key: '1', state: { version: 2, cursors: {}, run: secondRun() } }]);
    }
    await draw(await partial([2, 3]), tickOf());
    expect(refunded()).toEqual(['shard:3']);
    expect(pipeline.announced().map(({ type }) => type)).toEqual(['LotteryEndedEvent']);
  });
});

describe('a draw that is not made', () => {
  const outside: [string, Partial<LotteryRun>, number][] = [
    ['after the last window: its stop was not known', { status: 'stopped', lastWindowStart: 0 }, 10_000],
    ['after the last prize', { firstWindowStart: 0, lastWindowStart: 0, prizes: ['a'] }, 10_000],
    ['before the first window', { firstWindowStart: 10_000 }, 0],
    ['of a run that has ended without it', { status: 'ended', lastWindowStart: 10_000 }, 10_000],
  ];

  test.each(outside)('gives all coupons back: %s', async (_, fields, windowStart) => {
    pipeline.lotteries.set(activeRun(fields));
    const { state } = await draw(await partial([1, 2], { windowStart }), tickOf({ windowStart }));
    expect([refunded(), state.draws]).toEqual([['shard:1', 'shard:2'], {}]);
    expect(pipeline.draws.draws.size).toBe(0);
    const types = pipeline.announced().map(({ type }) => type);
    expect(types).not.toContain('LotteryWinnerEvent');
  });

  test('gives the same back when it comes again, and no more', async () => {
    pipeline.lotteries.set(activeRun({ status: 'stopped', lastWindowStart: 0 }));
    const late = await partial([1], { windowStart: 10_000 });
    for (const _ of [1, 2]) await draw(late, tickOf({ windowStart: 10_000 }));
    expect(pipeline.refunds.items.size).toBe(1);
  });
});

test('the balance is right after a refund, however often it comes', async () => {
  await pipeline.userEvents(pipeline.batch([buy(1, 3), click(1, 0), buy(2, 3), click(2, 0)]));
  pipeline.lotteries.set(activeRun({ status: 'stopped', lastWindowStart: -10_000 }));
  await pipeline.draw([...pipeline.arrivals(), ...pipeline.records([tickOf()])]);
  const refunds = pipeline.userInputs.take();
  expect(refunds).toHaveLength(2);
  pipeline.userOutputs.take();
  await pipeline.userEvents(pipeline.batch([...refunds, ...refunds]));
  await pipeline.userEvents(pipeline.batch(refunds));
  expect(pipeline.userOutputs.values.map(({ type, reason }) => reason ?? type).toSorted()).toEqual([
    ...Array(2).fill('CouponRefundedEvent'),
    ...Array(4).fill('DUPLICATE_EVENT'),
  ]);
  expect(['1', '2'].map((userId) => pipeline.users.items.get(userId)?.coupons)).toEqual([3, 3]);
});
