import { beforeEach, describe, expect, test } from 'vitest';
import { priority, windowSeed } from '../../../lambda/core/fairness.ts';
import type { LotteryRun } from '../../../lambda/core/lottery.ts';
import { buy, click } from '../../support/client-events.ts';
import { activeRun, graceMs, secondRun, seed, windowMs } from '../../support/events.ts';
import { partialWithPriority } from '../../support/partials.ts';
import { Pipeline } from '../../support/pipeline.ts';
import { kinesisRecord } from '../../support/records.ts';

const dueAt = windowMs + graceMs;
/** When the late partial comes, and when it is dealt with. */
const lateArrival = 33_000;
const lateClock = lateArrival + graceMs;

let pipeline: Pipeline;
let position = 0;

const arrives = (arrival: number, value: object) => {
  position += 1;
  return kinesisRecord(position, value, { arrival });
};
const tick = (arrival: number) => arrives(arrival, { type: 'Tick', lotteryId: '1' });

/** Draw 1@0 is made with entry 5. */
async function drawWithFive(run: LotteryRun = activeRun()): Promise<void> {
  pipeline = new Pipeline();
  pipeline.lotteries.set(run);
  await pipeline.draw([arrives(1000, partialWithPriority('5')), tick(dueAt)]);
  pipeline.lotteryOutputs.take();
  pipeline.journal.length = 0;
}

const lateBatch = (clock = lateClock) =>
  pipeline.draw([arrives(lateArrival, partialWithPriority('2')), tick(clock)]);

const movedRecord = (windowStart: number) => ({
  type: 'PartialDraw',
  lotteryId: '1',
  run: 1,
  windowStart,
  best: {
    entryId: 'shard:2',
    userId: '2',
    priority: priority(windowSeed(seed, '1', windowStart), 'shard:2'),
  },
  entries: 1,
});

describe('an entry that would have won a draw made without it', () => {
  beforeEach(() => drawWithFive());

  test('moves to the window of the clock, with that window’s priority', async () => {
    pipeline.now = lateClock;
    await lateBatch();
    expect(pipeline.entries.records).toEqual([{ partitionKey: '1', value: movedRecord(30_000) }]);
    expect(pipeline.userOutputs.records).toMatchObject([
      {
        partitionKey: '2',
        value: {
          type: 'EntryMovedEvent',
          userId: 2,
          entryId: 'shard:2',
          fromDrawId: '1@0',
          drawId: '1@30000',
        },
      },
    ]);
    expect(pipeline.userInputs.values).toEqual([]);
  });

  test('leaves the draw as it was: its winner is announced again', async () => {
    await lateBatch();
    expect(pipeline.lotteryOutputs.values).toMatchObject([{ drawId: '1@0', entryId: 'shard:5', entries: 1 }]);
  });

  test('goes where another invocation has stored it meanwhile, and nowhere else', async () => {
    const { draws } = pipeline;
    const put = draws.putLateEntryIfAbsent.bind(draws);
    // The other one had read the draw before this one, and had an earlier clock.
    draws.putLateEntryIfAbsent = async (late) => {
      await put({ ...late, movedTo: 20_000 });
      return put(late);
    };
    await lateBatch();
    expect(pipeline.entries.values).toEqual([movedRecord(20_000)]);
    expect(pipeline.userOutputs.values).toMatchObject([{ type: 'EntryMovedEvent', drawId: '1@20000' }]);
  });

  test('asks for a tick of its new draw, after it is on the stream', async () => {
    pipeline.now = lateClock;
    await lateBatch();
    expect(pipeline.queue.messages).toEqual([
      { at: 30_000 + dueAt + 1000, record: { type: 'Tick', lotteryId: '1' } },
    ]);
    expect(pipeline.journal).toEqual([
      'publish lottery outputs',
      'write 1@0/shard:2',
      'publish entries',
      'publish user outputs',
      'send ticks',
    ]);
  });

  test('goes to the same window when it comes again, though the clock has gone on', async () => {
    pipeline.entries.error = new Error('throttled');
    await expect(lateBatch()).rejects.toThrow('throttled');
    pipeline.entries.error = undefined;
    for (const clock of [95_000, 950_000]) {
      await lateBatch(clock);
      expect(pipeline.entries.take()).toEqual([movedRecord(30_000)]);
    }
    expect(pipeline.telemetry.counts).toMatchObject({ entriesMoved: 1 });
    expect(pipeline.draws.lateEntries.size).toBe(1);
  });

  test('wins there if it is the lowest there', async () => {
    pipeline.now = lateClock;
    await lateBatch();
    await pipeline.draw([...pipeline.arrivals(), tick(30_000 + dueAt)]);
    expect(pipeline.lotteryOutputs.values.at(-1)).toMatchObject({
      drawId: '1@30000',
      entryId: 'shard:2',
      userId: 2,
    });
  });

  test('of a lottery that was started again since has its coupon back: it has no window in the new run', async () => {
    pipeline.lotteries.set(activeRun({ status: 'ended' }));
    const restarted = { version: 2, cursors: {}, run: secondRun() };
    await pipeline.lotteries.write([{ key: '1', state: restarted }]);
    await lateBatch();
    expect(pipeline.entries.values).toEqual([]);
    expect(pipeline.userInputs.values).toMatchObject([{ drawId: '1@0' }]);
  });
});

describe('an entry of a lottery that has no window left', () => {
  const prizes = { prizes: ['bike'], firstWindowStart: 0, lastWindowStart: 0 };

  test('has its coupon back through the user’s own stream, once', async () => {
    await drawWithFive(activeRun(prizes));
    await lateBatch();
    await lateBatch(99_000);
    const refunds = pipeline.userInputs.records;
    const value = {
      type: 'CouponRefundEvent',
      userId: '2',
      lotteryId: '1',
      drawId: '1@0',
      entryId: 'shard:2',
    };
    expect(refunds).toEqual([
      { partitionKey: '2', value },
      { partitionKey: '2', value },
    ]);
    expect(pipeline.telemetry.counts).toMatchObject({ entriesRefunded: 1 });
    expect(pipeline.entries.values).toEqual([]);
  });

  test('the balance is right after the refund, however often it comes', async () => {
    pipeline = new Pipeline();
    pipeline.lotteries.set(activeRun(prizes));
    // Two users click; the second one's partial is held up, and made to be the better one.
    await pipeline.userEvents(pipeline.batch([buy(1, 3), click(1, 0), buy(2, 3), click(2, 0)]));
    const receipts = pipeline.userOutputs.take().filter(({ type }) => type === 'ClickAcceptedEvent');
    const ranked = receipts
      .map(({ entryId, userId }) => ({ entryId: String(entryId), userId: String(userId) }))
      .map((each) => ({ ...each, priority: priority(windowSeed(seed, '1', 0), each.entryId) }))
      .toSorted((a, b) => (a.priority < b.priority ? -1 : 1));
    const [better, worse] = ranked;
    if (!better || !worse) throw new Error('Two clicks were accepted');
    const partial = (best: typeof better) => ({ ...partialWithPriority('0'), best });
    await pipeline.draw([arrives(1000, partial(worse)), tick(dueAt)]);
    await pipeline.draw([arrives(lateArrival, partial(better)), tick(lateClock)]);
    const [refund] = pipeline.userInputs.take();
    if (refund === undefined) throw new Error('No refund was sent');
    pipeline.now = lateClock;
    await pipeline.userEvents(pipeline.batch([refund, refund]));
    await pipeline.userEvents(pipeline.batch([refund]));
    expect(pipeline.userOutputs.values.map(({ type, reason }) => reason ?? type)).toEqual([
      'CouponRefundedEvent',
      'DUPLICATE_EVENT',
      'DUPLICATE_EVENT',
    ]);
    expect(pipeline.users.items.get(better.userId)?.coupons).toBe(3);
    expect(pipeline.users.items.get(worse.userId)?.coupons).toBe(2);
  });
});

describe('a late entry that was stored, and whose publication failed', () => {
  test('is published when its draw is met again, though a better one took its place', async () => {
    await drawWithFive();
    pipeline.entries.error = new Error('throttled');
    await expect(lateBatch()).rejects.toThrow('throttled');
    pipeline.entries.error = undefined;
    expect(pipeline.userOutputs.values).toEqual([]);
    await pipeline.draw([
      arrives(lateArrival, partialWithPriority('2')),
      arrives(lateArrival, partialWithPriority('1')),
      tick(lateClock),
    ]);
    const entryIds = ['shard:2', 'shard:1'];
    expect(pipeline.entries.values.map(({ best }) => best)).toMatchObject(
      entryIds.map((entryId) => ({ entryId })),
    );
    expect(pipeline.userOutputs.values).toMatchObject(
      entryIds.map((entryId) => ({ type: 'EntryMovedEvent', entryId })),
    );
  });
});

describe('an ending', () => {
  test('waits another grace for an entry that was just moved', async () => {
    const lastWindowStart = 30_000;
    await drawWithFive(activeRun({ status: 'stopped', lastWindowStart }));
    // One invocation finds the late entry, by the clock in the last window, and holds the ending.
    const ending = { type: 'Ending', lotteryId: '1', run: 1, lastWindowStart, since: 31_000 };
    const { state } = await pipeline.draw([
      arrives(31_000, ending),
      arrives(lateArrival, partialWithPriority('2')),
      tick(lateClock),
    ]);
    expect(pipeline.entries.values).toEqual([movedRecord(30_000)]);
    expect(state.endings['1#1']).toMatchObject({ since: lateClock });
    await pipeline.draw([...pipeline.arrivals(36_000), tick(30_000 + dueAt)], { state });
    expect(pipeline.lotteryOutputs.values.slice(1).map(({ type, drawId }) => drawId ?? type)).toEqual([
      '1@30000',
      'LotteryEndedEvent',
    ]);
  });
});
