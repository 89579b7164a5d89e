import { beforeEach, describe, expect, test } from 'vitest';
import { buy, click, start } from '../../support/client-events.ts';
import { activeRun, graceMs, marginMs, windowMs } from '../../support/events.ts';
import { dueAtOf } from '../../support/partials.ts';
import { Pipeline } from '../../support/pipeline.ts';
import { kinesisRecord, sequenceNumber, shardId } from '../../support/records.ts';

let pipeline: Pipeline;

beforeEach(() => {
  pipeline = new Pipeline();
  pipeline.lotteries.set(activeRun());
});

const heartbeat = { type: 'Heartbeat' };
const userMark = () => pipeline.watermarks.shards.get(`user/${shardId}`);
const writes = () => pipeline.journal.filter((step) => step.startsWith('watermark')).length;

/** A batch that arrives at a time. */
function arrive(arrival: number, ...contents: readonly unknown[]) {
  return pipeline.userEvents(pipeline.batch(contents, { arrival }));
}

describe('a shard’s watermark', () => {
  test('says the latest arrival and the last position of what is published', async () => {
    const records = [30, 20].map((arrival, n) => kinesisRecord(n + 1, buy(1), { arrival }));
    await pipeline.userEvents({ Records: records });
    expect(userMark()).toEqual({ watermark: 30, position: sequenceNumber(2) });
  });

  test('is written where a window becomes complete, not with each batch', async () => {
    await arrive(3_000, buy(1));
    const last = dueAtOf(0) - 1;
    for (const arrival of [3_001, 5_000, last]) await arrive(arrival, buy(1));
    expect([writes(), userMark()?.watermark]).toEqual([1, 3_000]);
    await arrive(last + 1, buy(1));
    await arrive(last + 2, buy(1));
    expect([writes(), userMark()?.watermark]).toEqual([2, windowMs + graceMs + 1 + marginMs]);
  });

  test('is written where a heartbeat comes: somebody waits', async () => {
    await arrive(1_000, buy(1));
    await arrive(1_001, heartbeat);
    await arrive(1_002, buy(1), heartbeat, buy(1));
    expect([writes(), userMark()?.watermark]).toEqual([3, 1_002]);
  });

  test('is written by a new execution environment, which does not know what was', async () => {
    await arrive(1_000, buy(1));
    pipeline.restart();
    await arrive(1_001, buy(1));
    expect(userMark()?.watermark).toBe(1_001);
  });

  test('stays where a batch comes again that is behind it', async () => {
    const [old] = [pipeline.batch([buy(1), heartbeat], { arrival: 5 })];
    await arrive(50_000, heartbeat);
    await pipeline.userEvents(old);
    expect(userMark()?.watermark).toBe(50_000);
  });

  test('is of the records before the first that failed', async () => {
    pipeline.users.beforeWrite = (key) =>
      key === '2' ? { kind: 'failed', error: new Error('no') } : undefined;
    const Records = [buy(1), heartbeat, buy(2), buy(1)].map((content, n) =>
      kinesisRecord(n + 1, content, { arrival: 100 * n }),
    );
    await pipeline.userEvents({ Records });
    expect(userMark()).toEqual({ watermark: 100, position: sequenceNumber(2) });
    await pipeline.userEvents({ Records: Records.slice(2) });
    expect(userMark()?.position).toBe(sequenceNumber(2));
    pipeline.users.beforeWrite = () => undefined;
    pipeline.restart();
    await pipeline.userEvents({ Records: Records.slice(2) });
    expect(userMark()).toEqual({ watermark: 300, position: sequenceNumber(4) });
  });

  test.each(['entries', 'userOutputs', 'blocks'] as const)(
    'is not written where putting fails: %s',
    async (port) => {
      const batch = pipeline.batch([buy(1), click(1, 0), heartbeat]);
      pipeline[port].error = new Error('throttled');
      await expect(pipeline.userEvents(batch)).rejects.toThrow('throttled');
      expect(pipeline.watermarks.shards.size).toBe(0);
      pipeline[port].error = undefined;
      await pipeline.userEvents(batch);
      expect(userMark()?.position).toBe(sequenceNumber(3));
    },
  );
});

describe('the watermark of the lotteries’ input', () => {
  const lotteryMark = () => pipeline.watermarks.shards.get(`lottery/${shardId}`);

  test('is written after the outputs and ticks of a batch', async () => {
    await pipeline.lotteryEvents(pipeline.batch([start(2, { prizes: ['a'] })], { arrival: 7 }));
    expect(pipeline.journal.slice(-3)).toEqual([
      'publish lottery outputs',
      'send ticks',
      `watermark lottery/${shardId}`,
    ]);
    expect(lotteryMark()).toEqual({ watermark: 7, position: sequenceNumber(1) });
  });

  test('is not written where a tick could not be sent, and is with a heartbeat alone', async () => {
    pipeline.queue.error = new Error('no queue');
    const batch = pipeline.batch([start(2, { prizes: ['a'] })]);
    await expect(pipeline.lotteryEvents(batch)).rejects.toThrow('no queue');
    expect(lotteryMark()).toBeUndefined();
    await pipeline.lotteryEvents(pipeline.batch([heartbeat], { arrival: 9 }));
    expect(lotteryMark()?.watermark).toBe(9);
    expect(pipeline.lotteryOutputs.values).toHaveLength(1);
  });
});
