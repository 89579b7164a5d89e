import { beforeEach, describe, expect, test } from 'vitest';
import { objectOf, parseBlock } from '../../../lambda/core/block.ts';
import { buy, click } from '../../support/client-events.ts';
import { activeRun, secondRun } from '../../support/events.ts';
import { dueAtOf } from '../../support/partials.ts';
import { Pipeline } from '../../support/pipeline.ts';
import { sequenceNumber, shardId } from '../../support/records.ts';

let pipeline: Pipeline;

beforeEach(() => {
  pipeline = new Pipeline();
  pipeline.lotteries.set(activeRun());
});

/** Signed anew, a receipt is another one. */
const unsigned = ({ receipt, ...event }: Record<string, unknown>) =>
  receipt instanceof Object ? { ...event, receipt: { ...receipt, signature: '' } } : event;

/** The draws that the blocks of the bucket have entries of, with how many. */
const entriesInBlocks = () =>
  [...pipeline.blocks.texts.values()].map((text) =>
    Object.fromEntries(Object.entries(parseBlock(text)).map(([drawId, { length }]) => [drawId, length])),
  );

describe('one batch', () => {
  test('has one outcome for each record, and one write for each user', async () => {
    const batch = pipeline.batch([
      buy(1),
      'no json',
      click(1, 1000),
      click(2, 1000),
      { type: 'X' },
      click(1, 2000),
    ]);
    expect(await pipeline.userEvents(batch)).toEqual({ batchItemFailures: [] });
    expect(pipeline.userOutputs.values.map(({ type, reason }) => reason ?? type).toSorted()).toEqual([
      'ClickAcceptedEvent',
      'ClickAcceptedEvent',
      'CouponsBoughtEvent',
      'INVALID_JSON',
      'NO_COUPON',
      'UNKNOWN_TYPE',
    ]);
    expect(pipeline.journal.filter((step) => step.startsWith('write'))).toEqual(['write 1', 'write 2']);
    expect(pipeline.users.loads).toEqual([{ keys: ['1', '2'], consistent: false }]);
  });

  test('puts one block, and a partial for each lottery and window, not one entry for each click', async () => {
    pipeline.lotteries.set(activeRun({ lotteryId: '2' }));
    pipeline.now = 11_000;
    const clicks = Array.from({ length: 50 }, (_, n) => [
      click(1, n * 100),
      click(1, 11_000, 1 + (n % 2)),
    ]).flat();
    await pipeline.userEvents(pipeline.batch([buy(1, 1000), ...clicks]));
    const [block] = pipeline.blocks.texts.keys();
    const { records } = pipeline.entries;
    expect(records.map(({ partitionKey, value }) => [partitionKey, value.windowStart])).toEqual([
      ['1', 0],
      ['1', 10_000],
      ['2', 10_000],
    ]);
    expect(records.map(({ value }) => [objectOf(String(value.block)), value.dueAt])).toEqual(
      [0, 10_000, 10_000].map((windowStart) => [block, dueAtOf(windowStart)]),
    );
    expect(entriesInBlocks()).toEqual([{ '1@0': 50, '1@10000': 25, '2@10000': 25 }]);
  });

  test('is written, then signed and put, then told: the block before what names it, the watermark last', async () => {
    await pipeline.userEvents(pipeline.batch([buy(1), click(1, 1000)]));
    // The signature may come at any time before the receipts.
    expect(pipeline.journal.indexOf('sign')).toBeLessThan(pipeline.journal.indexOf('publish user outputs'));
    expect(pipeline.journal.filter((step) => step !== 'sign')).toEqual([
      'write 1',
      'put block',
      'publish entries',
      'publish user outputs',
      `watermark user/${shardId}`,
    ]);
  });

  test('without an accepted click puts no block and no partial, and signs nothing', async () => {
    await pipeline.userEvents(pipeline.batch([buy(1), click(2, 1000)]));
    expect([pipeline.blocks.texts.size, pipeline.entries.values, pipeline.receipts.texts]).toEqual([
      0,
      [],
      [],
    ]);
  });

  test('goes out under the keys of users and lotteries, what cannot be read under its own', async () => {
    await pipeline.userEvents(pipeline.batch([buy(7), click(7, 0), 'no json']));
    expect(pipeline.userOutputs.records.map(({ partitionKey }) => partitionKey).toSorted()).toEqual([
      '7',
      '7',
      'key',
    ]);
    expect(pipeline.entries.records.map(({ partitionKey }) => partitionKey)).toEqual(['1']);
  });

  test('counts what it did', async () => {
    await pipeline.userEvents(pipeline.batch([buy(1), click(1, 0), click(2, 0), 'no json']));
    expect(pipeline.telemetry.counts).toMatchObject({
      eventsApplied: 3,
      eventsReplayed: 0,
      partialsPublished: 1,
    });
    expect(pipeline.telemetry.reasons.toSorted()).toEqual(['INVALID_JSON', 'NO_COUPON']);
  });
});

describe('delivered again', () => {
  test('the whole batch publishes the same outcomes and entries, but for the signature, and writes nothing', async () => {
    const batch = pipeline.batch([buy(1, 1), click(1, 1000), click(1, 2000), click(2, 1)]);
    await pipeline.userEvents(batch);
    const outputs = pipeline.userOutputs.take();
    const entries = pipeline.entries.take();
    pipeline.lotteries.set(activeRun({ status: 'stopped' }));
    await pipeline.userEvents(batch);
    expect(pipeline.userOutputs.values.map(unsigned)).toEqual(outputs.map(unsigned));
    expect(pipeline.entries.values).toEqual(entries);
    expect(pipeline.journal.filter((step) => step === 'write 1')).toHaveLength(1);
    expect(pipeline.telemetry.counts).toMatchObject({ eventsReplayed: 4 });
  });

  test('a batch that died between write and publication publishes when it comes again', async () => {
    const batch = pipeline.batch([buy(1), click(1, 1000)]);
    pipeline.userOutputs.error = new Error('throttled');
    await expect(pipeline.userEvents(batch)).rejects.toThrow('throttled');
    expect(pipeline.watermarks.shards.size).toBe(0);
    pipeline.userOutputs.error = undefined;
    await pipeline.userEvents(batch);
    expect(pipeline.userOutputs.values).toMatchObject([{ availableCoupons: 100 }, { availableCoupons: 99 }]);
    expect(pipeline.users.items.get('1')?.coupons).toBe(99);
  });

  test('an accepted click goes to the run that accepted it, though the lottery was started again since', async () => {
    const batch = pipeline.batch([buy(1), click(1, 1000)]);
    pipeline.entries.error = new Error('throttled');
    await expect(pipeline.userEvents(batch)).rejects.toThrow('throttled');
    pipeline.entries.error = undefined;
    const first = pipeline.lotteries.store.items.get('1');
    if (first === undefined) throw new Error('The lottery is gone');
    await pipeline.lotteries.write([{ key: '1', state: { ...first, run: secondRun() } }]);
    await pipeline.userEvents(batch);
    expect(pipeline.entries.values).toMatchObject([{ run: 1, windowStart: 0 }]);
    expect(pipeline.userOutputs.values.at(-1)).toMatchObject({ drawId: '1@0' });
  });
});

describe('writes that fail', () => {
  const failed = { kind: 'failed', error: new Error('throttled') } as const;

  test('name the lowest sequence number, and the others are published', async () => {
    pipeline.users.beforeWrite = (key) => (key === '2' || key === '3' ? failed : undefined);
    const batch = pipeline.batch([buy(1), buy(3), click(1, 1000), buy(2), click(1, 2000)]);
    expect(await pipeline.userEvents(batch)).toEqual({
      batchItemFailures: [{ itemIdentifier: sequenceNumber(2) }],
    });
    expect(pipeline.userOutputs.values.map(({ userId }) => userId)).toEqual([1, 1, 1]);
    expect(entriesInBlocks()).toEqual([{ '1@0': 2 }]);
    expect(pipeline.telemetry.counts).toMatchObject({ writeFailures: 2 });
    expect(pipeline.telemetry.warnings).toHaveLength(2);
  });

  test('name the lowest, whichever failed first', async () => {
    pipeline.users.beforeWrite = (key) => (key === '1' ? { kind: 'conflict' } : failed);
    expect(await pipeline.userEvents(pipeline.batch([buy(1), buy(2)]))).toEqual({
      batchItemFailures: [{ itemIdentifier: sequenceNumber(1) }],
    });
  });

  test('are made good by the next delivery, from the sequence number named', async () => {
    pipeline.users.beforeWrite = (key) => (key === '2' ? failed : undefined);
    const batch = pipeline.batch([buy(1), buy(2), buy(1)]);
    await pipeline.userEvents(batch);
    pipeline.users.beforeWrite = () => undefined;
    await pipeline.userEvents({ Records: batch.Records.slice(1) });
    expect([...pipeline.users.items.values()].map(({ coupons }) => coupons)).toEqual([200, 100]);
  });

  test('by a conflict are decided again on the state that is there, read consistently', async () => {
    await pipeline.userEvents(pipeline.batch([buy(1)]));
    let other = true;
    pipeline.users.beforeWrite = (key) => {
      const state = pipeline.users.items.get(key);
      if (!other || state === undefined) return undefined;
      other = false;
      pipeline.users.items.set(key, { ...state, version: state.version + 1, coupons: 1 });
      return undefined;
    };
    await pipeline.userEvents(pipeline.batch([click(1, 0), click(1, 1)]));
    expect(pipeline.userOutputs.values.slice(1).map(({ type, reason }) => reason ?? type)).toEqual([
      'ClickAcceptedEvent',
      'NO_COUPON',
    ]);
    expect(pipeline.users.loads.at(-1)).toEqual({ keys: ['1'], consistent: true });
    expect(pipeline.telemetry.counts).toMatchObject({ writeConflicts: 1 });
  });

  test('by conflicts at each attempt are given up, and come again', async () => {
    pipeline.users.beforeWrite = (key) => (key === '1' ? { kind: 'conflict' } : undefined);
    const random = [0, 0.2, 0.4, 0.6, 0.8].values();
    pipeline.random = () => random.next().value ?? 1;
    expect(await pipeline.userEvents(pipeline.batch([buy(2), buy(1)]))).toEqual({
      batchItemFailures: [{ itemIdentifier: sequenceNumber(2) }],
    });
    // Half of each pause, which doubles, and some of the other half.
    expect(pipeline.pauses).toEqual([5, 12, 28, 64, 144]);
    expect(pipeline.userOutputs.values).toMatchObject([{ userId: 2 }]);
  });
});

describe('partition keys', () => {
  test('must be the user’s: another one could bring events out of order', async () => {
    const event = { ...buy(1), note: 'mine' };
    await pipeline.userEvents(pipeline.batch([event], { partitionKey: 'other' }));
    await pipeline.userEvents(pipeline.batch([event], { partitionKey: '1' }));
    expect(pipeline.userOutputs.values).toMatchObject([
      {
        reason: 'PARTITION_KEY_MISMATCH',
        message: "Partition key must be the event's id '1', not 'other'",
        event,
      },
      { type: 'CouponsBoughtEvent', availableCoupons: 100 },
    ]);
  });

  test('of a heartbeat are any, and it has no outcome', async () => {
    const batch = pipeline.batch([{ type: 'Heartbeat' }, { type: 'Heartbeat', time: -1 }], {
      partitionKey: 'x',
    });
    expect(await pipeline.userEvents(batch)).toEqual({ batchItemFailures: [] });
    expect(pipeline.userOutputs.values).toMatchObject([{ reason: 'INVALID_FIELD', field: 'time' }]);
  });
});

describe('a batch of one user that its item has no room for', () => {
  test('is applied in parts: what is left is named, and comes again, each event once', async () => {
    const clicks = Array.from({ length: 2_000 }, () => click('1', 20_000, 1));
    const { Records } = pipeline.batch([buy('1', 2 ** 50), ...clicks]);
    let left = Records;
    let accepted = 0;
    const rounds = [];
    // Their windows are not their own, so that each outcome takes its most.
    pipeline.lotteries.set(activeRun({ run: 2 ** 50 }));
    while (left.length > 0) {
      const { batchItemFailures } = await pipeline.userEvents({ Records: left });
      accepted += pipeline.userOutputs.take().filter(({ type }) => type === 'ClickAcceptedEvent').length;
      const [failed] = batchItemFailures;
      const next = left.findIndex(({ kinesis }) => kinesis.sequenceNumber === failed?.itemIdentifier);
      rounds.push(next);
      left = next < 0 ? [] : left.slice(next);
    }
    // About 300 a round.
    expect(rounds.length).toBe(7);
    expect(accepted).toBe(2_000);
    expect(pipeline.users.items.get('1')?.coupons).toBe(2 ** 50 - 2_000);
    // Written with the first part, of what was done of it.
    const [applied = 0] = rounds;
    expect(pipeline.watermarks.shards.get(`user/${shardId}`)?.position).toBe(sequenceNumber(applied));
  });
});

describe('clock tolerance', () => {
  test('is measured against the arrival of the record', async () => {
    const tolerant = new Pipeline({ toleranceMs: 60_000 });
    tolerant.lotteries.set(activeRun());
    const arrival = 1_700_000_000_000;
    const clicks = [arrival - 3_600_000, arrival - 59_000, 2_051_222_400_000].map((timestamp) =>
      click(1, timestamp),
    );
    await tolerant.userEvents(tolerant.batch([buy(1), ...clicks], { arrival }));
    expect(tolerant.userOutputs.values.map(({ type, reason }) => reason ?? type)).toEqual([
      'CouponsBoughtEvent',
      'TIMESTAMP_OUT_OF_RANGE',
      'ClickAcceptedEvent',
      'TIMESTAMP_OUT_OF_RANGE',
    ]);
    expect(tolerant.entries.values).toHaveLength(1);
  });

  test('that was changed since, and a changed window, change no outcome that is there', async () => {
    const batch = pipeline.batch([buy(1), click(1, 1000), click(1, 50_000)]);
    await pipeline.userEvents(batch);
    const before = [pipeline.userOutputs.take().map(unsigned), pipeline.entries.take()];
    const changed = new Pipeline({ toleranceMs: 1, windowMs: 3_000 });
    for (const [key, state] of pipeline.users.items) changed.users.items.set(key, state);
    changed.lotteries.set(activeRun());
    await changed.userEvents(batch);
    expect([changed.userOutputs.values.map(unsigned), changed.entries.values]).toEqual(before);
  });
});
