import { beforeEach, describe, expect, test } from 'vitest';
import { seedCommitment } from '../../../lambda/core/fairness.ts';
import { start, stop } from '../../support/client-events.ts';
import { marginMs, seed } from '../../support/events.ts';
import { dueAtOf } from '../../support/partials.ts';
import { Pipeline } from '../../support/pipeline.ts';
import { sequenceNumber, shardId } from '../../support/records.ts';

let pipeline: Pipeline;

beforeEach(() => {
  pipeline = new Pipeline();
});

describe('a start', () => {
  test('is written after its seed, then announced with the commitment', async () => {
    await pipeline.lotteryEvents(pipeline.batch([start()]));
    expect(pipeline.journal.slice(0, 3)).toEqual(['keep seed', 'write 1', 'publish lottery outputs']);
    expect(pipeline.lotteryOutputs.records).toMatchObject([
      { partitionKey: '1', value: { type: 'LotteryStartedEvent', lotteryId: 1, run: 1 } },
    ]);
    expect(JSON.stringify(pipeline.lotteryOutputs.values)).not.toContain(seed);
  });

  test('keeps its seed apart: no item that says what runs holds it', async () => {
    await pipeline.lotteryEvents(pipeline.batch([start(1, { prizes: ['a'] }), stop()]));
    const lottery = JSON.stringify(pipeline.lotteries.store.items.get('1'));
    expect(lottery).toContain(seedCommitment(seed));
    expect(lottery).not.toContain(seed);
    const published = [pipeline.lotteryOutputs, pipeline.entries].flatMap(({ values }) => values);
    expect(JSON.stringify([published, pipeline.queue.messages])).not.toContain(seed);
  });

  test('keeps no seed where nothing starts', async () => {
    await pipeline.lotteryEvents(pipeline.batch([start()]));
    await pipeline.lotteryEvents(pipeline.batch([start(), stop(), stop()]));
    expect(pipeline.journal.filter((step) => step === 'keep seed')).toHaveLength(1);
  });

  test('whose seed cannot be kept starts nothing, and comes again', async () => {
    const batch = pipeline.batch([start()]);
    pipeline.seeds.error = new Error('throttled');
    await expect(pipeline.lotteryEvents(batch)).rejects.toThrow('throttled');
    expect(pipeline.lotteries.store.items.size).toBe(0);
    pipeline.seeds.error = undefined;
    await pipeline.lotteryEvents(batch);
    expect(pipeline.lotteryOutputs.values).toMatchObject([{ type: 'LotteryStartedEvent', run: 1 }]);
  });

  test('that dies between seed and run leaves a seed that no run names', async () => {
    const batch = pipeline.batch([start()]);
    const seeds = ['a'.repeat(64), 'b'.repeat(64)];
    pipeline.newSeed = () => seeds.shift() ?? '';
    pipeline.lotteries.store.beforeWrite = () => {
      throw new Error('died');
    };
    await expect(pipeline.lotteryEvents(batch)).rejects.toThrow('died');
    pipeline.lotteries.store.beforeWrite = () => undefined;
    await pipeline.lotteryEvents(batch);
    const commitment = seedCommitment('b'.repeat(64));
    expect(pipeline.lotteryOutputs.values).toMatchObject([{ seedCommitment: commitment }]);
    expect(await pipeline.seeds.byCommitment([commitment])).toEqual(new Map([[commitment, 'b'.repeat(64)]]));
  });

  test('of a started lottery is rejected in the words of the Flink job', async () => {
    await pipeline.lotteryEvents(pipeline.batch([start(), start()]));
    expect(pipeline.lotteryOutputs.values[1]).toMatchObject({
      type: 'EventRejectedEvent',
      reason: 'LOTTERY_ALREADY_STARTED',
      message: 'Cannot start already started lottery, lotteryId: 1',
      event: start(),
    });
  });

  test('with prizes asks for the tick of its last window, after which it ends', async () => {
    await pipeline.lotteryEvents(pipeline.batch([start(1, { prizes: ['a', 'b'], timestamp: 15_000 })]));
    const dueAt = dueAtOf(20_000);
    const tick = { lotteryId: '1', run: 1, windowStart: 20_000 };
    expect(pipeline.queue.messages).toEqual([{ at: dueAt, dueAt, tick }]);
    expect(pipeline.entries.values).toEqual([]);
  });

  test('without prizes asks for none: its last window is not known', async () => {
    await pipeline.lotteryEvents(pipeline.batch([start()]));
    expect(pipeline.queue.messages).toEqual([]);
  });

  test('that comes again late asks for its tick at once', async () => {
    const batch = pipeline.batch([start(1, { prizes: ['a'] })]);
    pipeline.now = 90_000;
    await pipeline.lotteryEvents(batch);
    expect(pipeline.queue.messages).toMatchObject([{ at: 90_000, dueAt: dueAtOf(0) }]);
  });

  test('published again has the same outputs and ticks, after a crash too', async () => {
    const batch = pipeline.batch([start(1, { prizes: ['a'] }), start(), stop()]);
    pipeline.lotteryOutputs.error = new Error('throttled');
    await expect(pipeline.lotteryEvents(batch)).rejects.toThrow('throttled');
    pipeline.lotteryOutputs.error = undefined;
    await pipeline.lotteryEvents(batch);
    const outputs = pipeline.lotteryOutputs.take();
    const ticks = pipeline.queue.messages;
    pipeline.queue.messages = [];
    await pipeline.lotteryEvents(batch);
    expect(pipeline.lotteryOutputs.values).toEqual(outputs);
    expect(pipeline.queue.messages).toEqual(ticks);
    expect(outputs.map(({ type }) => type)).toEqual([
      'LotteryStartedEvent',
      'EventRejectedEvent',
      'LotteryStoppedEvent',
    ]);
    expect(pipeline.journal.filter((step) => step === 'write 1')).toHaveLength(1);
  });

  test('published again after a restart speaks of its own run', async () => {
    const batch = pipeline.batch([start(1, { prizes: ['a'] })]);
    await pipeline.lotteryEvents(batch);
    const [first] = pipeline.lotteryOutputs.take();
    await pipeline.lotteries.end({ lotteryId: '1', run: 1 });
    await pipeline.lotteryEvents({ Records: [...batch.Records, ...pipeline.batch([start()]).Records] });
    expect(pipeline.lotteryOutputs.take()).toMatchObject([first, { type: 'LotteryStartedEvent', run: 2 }]);
    await pipeline.lotteryEvents(batch);
    expect(pipeline.lotteryOutputs.values).toEqual([first]);
  });
});

describe('a stop', () => {
  test('asks for the tick of the window of its arrival', async () => {
    pipeline.now = 25_000;
    await pipeline.lotteryEvents(pipeline.batch([start(), stop()]));
    const dueAt = dueAtOf(20_000);
    const tick = { lotteryId: '1', run: 1, windowStart: 20_000 };
    expect(pipeline.queue.messages).toEqual([{ at: dueAt, dueAt, tick }]);
    expect(pipeline.journal.slice(-3)).toEqual([
      'publish lottery outputs',
      'send ticks',
      `watermark lottery/${shardId}`,
    ]);
  });

  test('in a replay is of its timestamp, and its tick need not wait for the time of day', async () => {
    pipeline = new Pipeline({ toleranceMs: 'off' });
    pipeline.now = 1_700_000_000_000;
    const stops = [{ ...stop(), timestamp: 25_000 }];
    await pipeline.lotteryEvents(pipeline.batch([start(), ...stops]));
    expect(pipeline.queue.messages).toMatchObject([
      { at: pipeline.now, dueAt: dueAtOf(20_000) - marginMs, tick: { windowStart: 20_000 } },
    ]);
  });

  test('of an inactive lottery is rejected', async () => {
    await pipeline.lotteryEvents(pipeline.batch([stop()]));
    expect(pipeline.lotteryOutputs.values).toMatchObject([
      { reason: 'LOTTERY_INACTIVE', message: 'Cannot stop inactive lottery, lotteryId: 1' },
    ]);
    expect(pipeline.queue.messages).toEqual([]);
  });
});

describe('failures', () => {
  test('one lottery’s failed write keeps no other from its start', async () => {
    const error = new Error('throttled');
    pipeline.lotteries.store.beforeWrite = (key) => (key === '2' ? { kind: 'failed', error } : undefined);
    const starts = [1, 2, 3, 2].map((lotteryId) => start(lotteryId));
    expect(await pipeline.lotteryEvents(pipeline.batch(starts))).toEqual({
      batchItemFailures: [{ itemIdentifier: sequenceNumber(2) }],
    });
    expect(pipeline.lotteryOutputs.values.map(({ lotteryId }) => lotteryId)).toEqual([1, 3]);
  });

  test('what cannot be read is told, and the rest is done', async () => {
    await pipeline.lotteryEvents(pipeline.batch([Buffer.from([0xff]), { type: 'UserClickEvent' }, start()]));
    expect(pipeline.lotteryOutputs.values.map(({ type, reason }) => reason ?? type)).toEqual([
      'INVALID_JSON',
      'UNKNOWN_TYPE',
      'LotteryStartedEvent',
    ]);
  });

  test('a queue that takes no ticks makes the batch come again', async () => {
    pipeline.queue.error = new Error('no queue');
    await expect(pipeline.lotteryEvents(pipeline.batch([start(1, { prizes: ['a'] })]))).rejects.toThrow(
      'no queue',
    );
  });
});
