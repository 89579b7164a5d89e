import { beforeEach, describe, expect, test } from 'vitest';
import { dueAtOf, tickOf } from '../../support/partials.ts';
import { Pipeline } from '../../support/pipeline.ts';
import { shardId } from '../../support/records.ts';

let pipeline: Pipeline;

beforeEach(() => {
  pipeline = new Pipeline();
  pipeline.now = 100_000;
});

/** Both inputs are complete up to a time. */
function complete(watermark: number): void {
  for (const input of ['user', 'lottery']) {
    const progress = { watermark, position: String(watermark), clock: watermark };
    pipeline.watermarks.shards.set(`${input}/${shardId}`, progress);
  }
}

const message = (at: number, fields: { dueAt?: number; windowStart?: number; lotteryId?: string } = {}) => {
  const { windowStart = 0, lotteryId = '1', dueAt = dueAtOf(windowStart) } = fields;
  return { at, dueAt, tick: { lotteryId, run: 1, windowStart } };
};
const none = { batchItemFailures: [] };

describe('a tick', () => {
  test('goes on the entries stream once its window is complete, under its lottery', async () => {
    complete(dueAtOf(0));
    expect(await pipeline.ticks([message(99_000), message(0, { lotteryId: 'a' })])).toEqual(none);
    expect(pipeline.entries.records).toEqual([
      { partitionKey: '1', value: tickOf() },
      { partitionKey: 'a', value: tickOf({ lotteryId: 'a' }) },
    ]);
    expect(pipeline.queue.messages).toEqual([]);
    expect(pipeline.pauses).toEqual([]);
  });

  test('that comes early goes back on the queue as it is: SQS waits at most 15 minutes', async () => {
    complete(dueAtOf(0));
    expect(await pipeline.ticks([message(100_050), message(101_201), message(8e12)])).toEqual(none);
    expect(pipeline.entries.values).toHaveLength(1);
    expect(pipeline.queue.messages).toEqual([message(101_201), message(8e12)]);
    expect(pipeline.telemetry.counts.ticksPutOff).toBe(0);
    expect(pipeline.pauses).toEqual([]);
  });

  test('that comes up to 1.2 s early is waited for, and no other one with it: SQS delays are whole seconds', async () => {
    complete(dueAtOf(0));
    const forwarded: number[] = [];
    const publish = pipeline.entries.publish.bind(pipeline.entries);
    pipeline.entries.publish = async (records) => {
      const all = [...records];
      forwarded.push(...all.map(() => pipeline.now));
      await publish(all);
    };
    const messages = [message(101_200), message(100_051), message(0), message(100_080), message(100_200)];
    expect(await pipeline.ticks(messages)).toEqual(none);
    expect(forwarded).toEqual([100_000, 100_051, 100_051, 100_200, 101_200]);
    expect(pipeline.queue.messages).toEqual([]);
  });

  test('is waited for within the time that an invocation waits for windows, not beside it', async () => {
    pipeline.now = dueAtOf(0) + 5_000;
    const began = pipeline.now;
    await pipeline.ticks([message(began + 1_200), message(began + 600), message(began)]);
    expect(pipeline.pauses.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(3_000);
    expect(pipeline.queue.messages).toHaveLength(3);
  });

  test('of a window that becomes complete while it waits goes on at once', async () => {
    const sleep = pipeline.pauses.push.bind(pipeline.pauses);
    pipeline.pauses.push = (...pauses) => {
      if (pipeline.now >= dueAtOf(0) + 1_000) complete(dueAtOf(0));
      return sleep(...pauses);
    };
    pipeline.now = dueAtOf(0);
    await pipeline.ticks([message(0)]);
    expect(pipeline.entries.values).toEqual([tickOf()]);
    expect(pipeline.now).toBeLessThan(dueAtOf(0) + 2_000);
  });

  test('of a window that is not complete goes back, and never fails; those that are go on', async () => {
    complete(dueAtOf(0));
    const late = message(0, { windowStart: 10_000 });
    for (let round = 0; round < 30; round += 1) {
      const [waiting = late] = pipeline.queue.take();
      pipeline.now = Math.max(pipeline.now, waiting.at);
      expect(await pipeline.ticks([waiting, message(0)])).toEqual(none);
    }
    expect(pipeline.entries.values).toEqual(Array.from({ length: 30 }, () => tickOf()));
    expect(pipeline.queue.messages).toMatchObject([
      { dueAt: dueAtOf(10_000), tick: { windowStart: 10_000 } },
    ]);
    expect(pipeline.telemetry.counts.ticksPutOff).toBe(30);
  });

  test.each([
    [0, 3_000, 1_000],
    [999, 3_000, 1_000],
    [9_999, 3_000, 3_250],
    [10_000, 0, 2_500],
    [240_000, 0, 60_000],
    [3_600_000, 0, 900_000],
    [86_400_000, 0, 900_000],
  ])(
    'that has waited for %d ms is waited for up to %d ms, and comes again after %d more',
    async (waited, held, pause) => {
      pipeline.now = 1_700_000_000_000;
      const dueAt = pipeline.now - waited;
      await pipeline.ticks([message(0, { dueAt })]);
      expect(pipeline.inputs.lists).toBeGreaterThan(0);
      // In steps of 200 ms.
      expect(pipeline.pauses.reduce((sum, ms) => sum + ms, 0)).toBe(held);
      expect(pipeline.queue.messages).toEqual([message(pipeline.now + pause, { dueAt })]);
    },
  );

  test('in a replay goes by the clicks’ own time', async () => {
    pipeline = new Pipeline({ toleranceMs: 'off' });
    pipeline.now = 1_700_000_000_000;
    await pipeline.ticks([message(pipeline.now)]);
    expect(pipeline.queue.take()).toEqual([message(pipeline.now + 1_000)]);
    complete(dueAtOf(0));
    await pipeline.ticks([message(pipeline.now)]);
    expect(pipeline.entries.values).toEqual([tickOf()]);
  });
});

describe('a message', () => {
  test('that cannot be read is reported, and the rest is done', async () => {
    complete(dueAtOf(0));
    const messages = ['no json', message(1), { ...message(1), tick: {} }, '{}', message(8e12)];
    expect(await pipeline.ticks(messages)).toEqual({
      batchItemFailures: ['0', '2', '3'].map((itemIdentifier) => ({ itemIdentifier })),
    });
    expect([pipeline.entries.values.length, pipeline.queue.messages.length]).toEqual([1, 1]);
    expect(pipeline.telemetry.counts.recordsIgnored).toBe(3);
  });

  test('that could not be put or queued is reported', async () => {
    complete(dueAtOf(0));
    pipeline.entries.error = new Error('no stream');
    expect(await pipeline.ticks([message(0), message(8e12)])).toEqual({
      batchItemFailures: [{ itemIdentifier: '0' }],
    });
    pipeline.entries.error = undefined;
    pipeline.queue.error = new Error('no queue');
    expect(await pipeline.ticks([message(0), message(8e12)])).toEqual({
      batchItemFailures: [{ itemIdentifier: '1' }],
    });
    expect(pipeline.telemetry.warnings).toEqual(Array(2).fill('Ticks could not be forwarded'));
  });

  test('is not reported where a shard takes no heartbeat, as somebody floods it', async () => {
    complete(dueAtOf(0));
    pipeline.inputs.send = () => Promise.reject(new Error('throttled'));
    expect(await pipeline.ticks([message(0), message(0, { windowStart: 10_000 })])).toEqual(none);
    expect(pipeline.entries.values).toEqual([tickOf()]);
    expect(pipeline.queue.messages).toMatchObject([{ tick: { windowStart: 10_000 } }]);
  });

  test('is reported where nobody can say how far the inputs are', async () => {
    pipeline.inputs.open = async () => {
      throw new Error('throttled');
    };
    expect(await pipeline.ticks([message(0)])).toEqual({ batchItemFailures: [{ itemIdentifier: '0' }] });
  });
});
