import { gzipSync } from 'node:zlib';
import type { KinesisStreamEvent } from 'aws-lambda';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maximumOfOneKey } from '../../../lambda/batch/aggregated-records.ts';
import { kinesisSource } from '../../../lambda/batch/kinesis-source.ts';
import { writeAggregate } from '../../../lambda/core/kpl.ts';
import { processArchive } from '../../../lambda/functions/archive/process.ts';
import { processLive } from '../../../lambda/functions/live/process.ts';
import { itemSize } from '../../contract/support/dynamo-item-size.ts';
import { aggregate, field, keyField, numberField, recordField } from '../../support/aggregates.ts';
import { buy, click, start } from '../../support/client-events.ts';
import { activeRun } from '../../support/events.ts';
import { Died } from '../../support/fakes/journal.ts';
import { startedEvent } from '../../support/live-events.ts';
import { accepted, liveWorld } from '../../support/live-world.ts';
import { Pipeline } from '../../support/pipeline.ts';
import { kinesisEvent, sequenceNumber, shardId } from '../../support/records.ts';

type Event = Readonly<{ userId?: unknown; lotteryId?: unknown }>;

/** Events in one record, each under the key that it has to have. */
function together(...events: Event[]): Buffer {
  return writeAggregate(
    events.map((event) => ({
      partitionKey: String(event.userId ?? event.lotteryId),
      data: Buffer.from(JSON.stringify(event)),
    })),
  );
}

function running(): Pipeline {
  const pipeline = new Pipeline();
  pipeline.lotteries.set(activeRun());
  return pipeline;
}

const idOf = (n: number, index?: number) =>
  `${shardId}:${sequenceNumber(n)}${index === undefined ? '' : `:${index}`}`;
const done = { batchItemFailures: [] };
const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);

describe('events in an aggregated record', () => {
  test('have an outcome each, with an id that names their place in it', async () => {
    const pipeline = running();
    const batch = [buy(1), together(buy(2), click(1, 0), click(2, 0)), click(1, 0), together(click(2, 0))];
    expect(await pipeline.userEvents(pipeline.batch(batch))).toEqual(done);
    const outcomes = new Map(
      pipeline.userOutputs.values.map((output) => [output.entryId ?? output.recordId, output]),
    );
    const of = (userId: number, availableCoupons: number) => ({ userId, availableCoupons });
    expect(Object.fromEntries(outcomes)).toMatchObject({
      [idOf(1)]: of(1, 100),
      [idOf(2, 0)]: of(2, 100),
      [idOf(2, 1)]: of(1, 99),
      [idOf(2, 2)]: of(2, 99),
      [idOf(3)]: of(1, 98),
      [idOf(4, 0)]: of(2, 98),
    });
    expect(outcomes.size).toBe(6);
  });

  test('of lotteries have theirs too', async () => {
    const pipeline = new Pipeline();
    await pipeline.lotteryEvents(pipeline.batch([together(start(1), start(2), start(1))]));
    expect(pipeline.lotteryOutputs.values).toMatchObject([
      { type: 'LotteryStartedEvent', lotteryId: 1, recordId: idOf(1, 0) },
      { reason: 'LOTTERY_ALREADY_STARTED', recordId: idOf(1, 2) },
      { type: 'LotteryStartedEvent', lotteryId: 2, recordId: idOf(1, 1) },
    ]);
  });

  test('are rejected one by one: under a wrong key, compressed, aggregated again, no JSON', async () => {
    const pipeline = running();
    const plain = { partitionKey: '1', data: Buffer.from(JSON.stringify(buy(1))) };
    const odd = [
      { ...plain, partitionKey: '2' },
      { ...plain, data: gzipSync(plain.data) },
      { ...plain, data: writeAggregate([plain]) },
      { ...plain, data: Buffer.of() },
    ];
    await pipeline.userEvents(pipeline.batch([writeAggregate([...odd, plain])]));
    expect(pipeline.userOutputs.values).toMatchObject([
      { reason: 'PARTITION_KEY_MISMATCH', recordId: idOf(1, 0), event: buy(1) },
      { reason: 'COMPRESSED', message: expect.stringContaining('gzip'), recordId: idOf(1, 1) },
      { reason: 'INVALID_AGGREGATE', recordId: idOf(1, 2), raw: odd[2]?.data.toString('base64') },
      { reason: 'INVALID_JSON', recordId: idOf(1, 3) },
      { type: 'CouponsBoughtEvent', recordId: idOf(1, 4) },
    ]);
  });

  test('a plain record that is compressed is named, too', async () => {
    const pipeline = running();
    await pipeline.userEvents(pipeline.batch([gzipSync('{}')]));
    expect(pipeline.userOutputs.values).toMatchObject([{ reason: 'COMPRESSED', recordId: idOf(1) }]);
  });

  test.each([
    ['changed', together(buy(1)).fill(0, 5, 6), 'its MD5 checksum is not that of its contents'],
    ['cut off', together(buy(1)).subarray(0, 8), 'it is cut off before its checksum'],
    ['empty', aggregate([keyField('1')]), 'it holds no event'],
  ])('have one rejection where their record is %s, and others go on', async (_, record, what) => {
    const pipeline = running();
    expect(await pipeline.userEvents(pipeline.batch([record, buy(2)]))).toEqual(done);
    expect(pipeline.userOutputs.values).toMatchObject([
      {
        reason: 'INVALID_AGGREGATE',
        message: `Aggregated record cannot be taken apart: ${what}`,
        recordId: idOf(1),
        raw: record.toString('base64'),
      },
      { userId: 2 },
    ]);
    expect(pipeline.telemetry.reasons).toEqual(['INVALID_AGGREGATE']);
  });

  test('that are too short to be any have one rejection together, and take nothing from those beside them', async () => {
    const rubbish = upTo(50).map(() => ({ partitionKey: '666', data: Buffer.from('x') }));
    const event = { partitionKey: '1', data: Buffer.from(JSON.stringify(buy(1))) };
    const record = writeAggregate([...rubbish, event, ...rubbish]);
    const pipeline = running();
    expect(await pipeline.userEvents(pipeline.batch([record]))).toEqual(done);
    expect(pipeline.userOutputs.values).toMatchObject([
      {
        reason: 'INVALID_AGGREGATE',
        message: '100 events of the aggregated record have less than 20 bytes, and none is so short',
        recordId: idOf(1),
        raw: Buffer.from('x'.repeat(100)).toString('base64'),
      },
      { userId: 1, recordId: idOf(1, 50) },
    ]);
  });

  test('whose key is none are refused, and take nothing from those beside them', async () => {
    const data = (userId: number) => Buffer.from(JSON.stringify(buy(userId)));
    const record = aggregate([
      ...[keyField('k'.repeat(257)), keyField('1')],
      ...[2, 1].map((userId, index) => recordField([numberField(1, index), field(3, data(userId))])),
    ]);
    const pipeline = running();
    await pipeline.userEvents(pipeline.batch([record]));
    expect(pipeline.userOutputs.values).toMatchObject([
      {
        reason: 'INVALID_AGGREGATE',
        message: 'Its partition key in the aggregated record is not UTF-8 of 1 to 256 characters',
        recordId: idOf(1, 0),
        event: buy(2),
      },
      { userId: 1, recordId: idOf(1, 1) },
    ]);
  });

  test('that are a few short ones have one each', async () => {
    const events = [buy(1), buy(2)].map((event) => ({
      partitionKey: '1',
      data: Buffer.from(JSON.stringify(event)),
    }));
    const pipeline = running();
    await pipeline.userEvents(
      pipeline.batch([writeAggregate([...events, { partitionKey: '1', data: Buffer.from('x') }])]),
    );
    expect(pipeline.telemetry.reasons.toSorted()).toEqual(['INVALID_JSON', 'PARTITION_KEY_MISMATCH']);
  });
});

describe('many events in a record', () => {
  test('of 16,000 users are all applied', async () => {
    const pipeline = running();
    const record = together(...upTo(16_000).map((n) => buy(n)));
    expect(await pipeline.userEvents(pipeline.batch([record]))).toEqual(done);
    const ids = new Set(pipeline.userOutputs.values.map(({ recordId }) => recordId));
    expect(ids.size).toBe(16_000);
    expect(new Set(pipeline.userOutputs.values.map(({ type }) => type))).toEqual(
      new Set(['CouponsBoughtEvent']),
    );
  });

  test('of one user are applied as far as there is room for, and the batch goes on', async () => {
    const pipeline = running();
    const record = together(...upTo(16_000).map(() => buy(1, 1)), buy(2));
    const batch = pipeline.batch([record, buy(3)]);
    expect(await pipeline.userEvents(batch)).toEqual(done);
    const outputs = pipeline.userOutputs.take();
    const rejected = outputs.filter(({ reason }) => reason === 'TOO_MANY_IN_RECORD');
    expect(rejected).toHaveLength(16_000 - maximumOfOneKey);
    expect(rejected[0]).toMatchObject({ recordId: idOf(1, maximumOfOneKey), event: buy(1, 1) });
    expect(pipeline.users.items.get('1')?.coupons).toBe(maximumOfOneKey);
    expect(outputs).toContainEqual(expect.objectContaining({ recordId: idOf(1, 16_000), userId: 2 }));
    expect(outputs).toContainEqual(expect.objectContaining({ recordId: idOf(2), userId: 3 }));
    expect(itemSize({ ...pipeline.users.items.get('1') })).toBeLessThan(20_000);
    await pipeline.userEvents(batch);
    expect(pipeline.userOutputs.take()).toEqual(outputs);
  });

  test('a key that stands in its table twice is one key', async () => {
    const pipeline = running();
    const data = field(3, Buffer.from('{"type":"Unheard-of"}'));
    const events = upTo(maximumOfOneKey + 1).map((n) => recordField([numberField(1, n % 2), data]));
    await pipeline.userEvents(pipeline.batch([aggregate([keyField('1'), keyField('1'), ...events])]));
    const reasons = pipeline.userOutputs.values.map(({ reason }) => reason);
    expect(reasons.filter((reason) => reason === 'TOO_MANY_IN_RECORD')).toHaveLength(1);
  });
});

/** What was told of each event: its outcome, but for the proof, which is another in another batch. */
function told(pipeline: Pipeline): Map<unknown, Set<string>> {
  const all = new Map<unknown, Set<string>>();
  for (const { receipt: _, ...output } of pipeline.userOutputs.values) {
    const id = output.entryId ?? output.recordId;
    all.set(id, (all.get(id) ?? new Set()).add(JSON.stringify(output)));
  }
  return all;
}

describe('an aggregated record that comes again', () => {
  const event = fc.oneof(
    fc.tuple(fc.nat(2), fc.integer({ min: 0, max: 3 })).map(([user, count]) => buy(user, count)),
    fc.nat(2).map((user) => click(user, 0)),
  );
  const record = fc.oneof(event, fc.array(event, { minLength: 1, maxLength: 8 }));
  const crash = fc.record({
    at: fc.integer({ min: 1, max: 9 }),
    when: fc.constantFrom('before' as const, 'after' as const),
    cut: fc.nat(5),
  });

  test('has the outcomes of a run without failures, wherever somebody dies and however batches are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(record, { minLength: 1, maxLength: 6 }),
        fc.array(crash, { maxLength: 8 }),
        async (contents, crashes) => {
          const bytes = contents.map((each) => (Array.isArray(each) ? together(...each) : each));
          const ideal = running();
          const { Records } = ideal.batch(bytes);
          await ideal.userEvents({ Records });
          const pipeline = running();
          for (const { cut, ...where } of crashes) {
            pipeline.effects.dieAt(where);
            const batch: KinesisStreamEvent = { Records: Records.slice(0, Records.length - cut) };
            await pipeline.userEvents(batch).catch((error) => expect(error).toBeInstanceOf(Died));
          }
          pipeline.effects.dieAt(undefined);
          await pipeline.userEvents({ Records });
          expect(told(pipeline)).toEqual(told(ideal));
          for (const user of ['0', '1', '2'])
            expect(pipeline.users.items.get(user)?.coupons).toBe(ideal.users.items.get(user)?.coupons);
        },
      ),
      { numRuns: 150 },
    );
  });

  test('is named as a whole where one of its users was not written', async () => {
    const pipeline = running();
    const batch = pipeline.batch([buy(1), together(buy(2), buy(3)), buy(4)]);
    pipeline.users.beforeWrite = (key) =>
      key === '3' ? { kind: 'failed', error: new Error('no') } : undefined;
    expect(await pipeline.userEvents(batch)).toEqual({
      batchItemFailures: [{ itemIdentifier: sequenceNumber(2) }],
    });
    expect(pipeline.watermarks.shards.get(`user/${shardId}`)?.position).toBe(sequenceNumber(1));
    pipeline.users.beforeWrite = () => undefined;
    await pipeline.userEvents({ Records: batch.Records.slice(1) });
    expect(told(pipeline).size).toBe(4);
    expect(pipeline.users.items.get('3')?.coupons).toBe(100);
  });
});

describe('aggregated records of an output stream', () => {
  const outputs = (...contents: readonly object[]) => {
    const { Records } = kinesisEvent([
      writeAggregate(
        contents.map((each) => ({ partitionKey: 'any', data: Buffer.from(JSON.stringify(each)) })),
      ),
    ]);
    return kinesisSource.records({ Records });
  };

  test('have a line of the archive for each event', async () => {
    const lines: string[] = [];
    const archive = { put: async (_: string, text: string) => void lines.push(text) };
    const [first, second] = [1, 2].map((n) => ({ type: 'EventRejectedEvent', n }));
    await processArchive(outputs({ ...first }, { ...second }), {
      archive,
      streams: { user: 'test', lottery: '' },
    });
    expect(lines).toEqual([
      `{"recordId":"${idOf(1, 0)}","arrival":0,"event":${JSON.stringify(first)}}\n{"recordId":"${idOf(1, 1)}","arrival":0,"event":${JSON.stringify(second)}}\n`,
    ]);
  });

  test('are counted once in the live view, each event', async () => {
    const world = liveWorld();
    const records = outputs(startedEvent('promo'), accepted('promo'), accepted('promo'));
    await processLive(records, world);
    await processLive(records, world);
    const [snapshot = ''] = [...world.page.snapshots.values()].filter((json) => json.includes('"windows"'));
    expect(JSON.parse(snapshot).windows[0]).toMatchObject({ entries: 2 });
  });
});
