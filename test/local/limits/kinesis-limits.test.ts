import { type KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../../local/clock.ts';
import { type Engine, startEngine } from '../../../local/engines/engine.ts';
import { streamOfIterator } from '../../../local/iam/rights/iterators.ts';
import { kinesisLimits } from '../../../local/limits/kinesis-limits.ts';
import type { Throttled } from '../../../local/limits/shard-limits.ts';
import type { AwsAnswer, AwsCall } from '../../../local/proxy/aws-call.ts';
import { startProxy } from '../../../local/proxy/proxy.ts';
import { ownClient } from '../../../proof/soak/watcher.ts';
import { TestStream } from '../../contract/support/test-stream.ts';

/** The limits before the engine that the runtime has them before, at a time that stands still until it is moved. */
let engine: Engine;
let kinesis: KinesisClient;
let stop: () => Promise<void>;
let now = 0;
let throttled: Throttled[];

const newLimits = () =>
  kinesisLimits({
    clock: { ...systemClock, now: () => now },
    accountId: '000000000000',
    onThrottled: (each) => throttled.push(each),
  });

beforeAll(async () => {
  engine = await startEngine('kinesalite', {
    ...{ port: 0, region: 'us-east-1', accountId: '000000000000' },
    onFailure: (error) => {
      throw error;
    },
  });
  const { endpoint, stop: stopProxy } = await startProxy(engine.endpoint, 0, newLimits());
  const endpoints = { kinesis: endpoint };
  kinesis = ownClient({ endpoints, region: 'us-east-1' });
  stop = stopProxy;
});

afterAll(async () => {
  kinesis?.destroy();
  await stop?.();
  await engine?.stop();
});

beforeEach(() => {
  throttled = [];
});

const create = (shards = 1) => TestStream.create(kinesis, systemClock.sleep, shards);
const first = 'shardId-000000000000';
const oldest = { ShardIteratorType: 'TRIM_HORIZON' } as const;
const tooMuch = 'ProvisionedThroughputExceededException';
const [LOW, HIGH] = ['0', (2n ** 127n).toString()];

interface Put {
  readonly hashKey?: string;
  readonly bytes?: number;
}

/** Puts records in one call. @returns their error codes, 'done' for those that were taken */
async function putAll(stream: TestStream, puts: readonly Put[]) {
  const { Records = [], FailedRecordCount } = await kinesis.send(
    new PutRecordsCommand({
      StreamName: stream.name,
      Records: puts.map(({ hashKey, bytes = 1 }, index) => ({
        ...{ Data: Buffer.alloc(bytes, String(index)), PartitionKey: 'k' },
        ...(hashKey !== undefined && { ExplicitHashKey: hashKey }),
      })),
    }),
  );
  const codes = Records.map(({ ErrorCode = 'done' }) => ErrorCode);
  expect(FailedRecordCount).toBe(codes.filter((code) => code !== 'done').length);
  return { Records, codes };
}

const times = (count: number, put: Put): Put[] => Array.from({ length: count }, () => put);

it('a shard takes 1,000 records a second; each record says by itself where it lies or why not', async () => {
  const stream = await create(2);
  for (const _ of [1, 2]) await putAll(stream, times(450, { hashKey: LOW }));
  const mixed = [...times(150, { hashKey: LOW }), { hashKey: HIGH }, { hashKey: LOW }];
  const { codes, Records } = await putAll(stream, mixed);
  expect(codes).toEqual([...Array(100).fill('done'), ...Array(50).fill(tooMuch), 'done', tooMuch]);
  expect(Records[120]?.ErrorMessage).toBe(
    `Rate exceeded for shard ${first} in stream ${stream.name} under account 000000000000.`,
  );
  expect(Records[150]?.ShardId).toBe('shardId-000000000001');
  expect(throttled).toEqual([{ operation: 'PutRecords', stream: stream.name, shardId: first, count: 51 }]);
  await expect(stream.put('x', 'k', LOW)).rejects.toMatchObject({ name: tooMuch });
  expect((await putAll(stream, [{ hashKey: LOW }])).codes).toEqual([tooMuch]);
  expect(await stream.all(1_001)).toHaveLength(1_001);
  now += 1_000;
  await stream.put('x', 'k', LOW);
  expect(await stream.all(1_002)).toHaveLength(1_002);
});

it('a shard takes 1 MiB a second, keys included, and nothing of a call behind what it refused', async () => {
  const stream = await create();
  const { codes } = await putAll(stream, [{ bytes: 700_000 }, { bytes: 348_575 }, { bytes: 1 }]);
  expect(codes).toEqual(['done', tooMuch, tooMuch]);
  expect((await putAll(stream, [{ bytes: 348_574 }, { bytes: 1 }])).codes).toEqual(['done', tooMuch]);
  now += 1_000;
  // The largest record has its key beside it.
  expect((await putAll(stream, [{ bytes: 1_048_576 }, { bytes: 1 }])).codes).toEqual(['done', tooMuch]);
});

it('children of a shard have their own second, and records are counted where they go', async () => {
  const stream = await create();
  for (const _ of [1, 2]) await putAll(stream, times(500, { hashKey: LOW }));
  expect((await putAll(stream, [{ hashKey: LOW }])).codes).toEqual([tooMuch]);
  await stream.split(first, HIGH);
  for (const _ of [1, 2]) {
    expect((await putAll(stream, times(500, { hashKey: LOW }))).codes).not.toContain(tooMuch);
  }
  const { codes } = await putAll(stream, [{ hashKey: LOW }, { hashKey: HIGH }]);
  expect(codes).toEqual([tooMuch, 'done']);
});

it('a shard is read five times a second, and gives five iterators', async () => {
  const stream = await create();
  await stream.put('x');
  let iterator = '';
  for (let n = 0; n < 5; n += 1) iterator = await stream.iterator(first, oldest);
  await expect(stream.iterator(first, oldest)).rejects.toMatchObject({ name: tooMuch });
  for (let n = 0; n < 5; n += 1) iterator = (await stream.get(iterator)).NextShardIterator ?? '';
  await expect(stream.get(iterator)).rejects.toMatchObject({ name: tooMuch });
  expect(throttled.map(({ operation, shardId }) => [operation, shardId])).toEqual([
    ['GetShardIterator', first],
    ['GetRecords', first],
  ]);
  now += 1_000;
  expect((await stream.get(iterator)).Records).toEqual([]);
});

it('a read gives 10 MiB, and then none does for 5 s', async () => {
  const limits = newLimits();
  const call = (operation: string, input: object): AwsCall => ({
    ...{ service: 'kinesis', operation, caller: 'local', method: 'POST', path: '/' },
    headers: { 'x-amz-target': `Kinesis_20131202.${operation}` },
    body: Buffer.from(JSON.stringify(input)),
  });
  const answer = (body: object): AwsAnswer => ({
    ...{ status: 200, headers: {} },
    body: Buffer.from(JSON.stringify(body)),
  });
  const given = await limits(call('GetShardIterator', { StreamName: 's', ShardId: first }), async () =>
    answer({ ShardIterator: 'of the shard' }),
  );
  expect(given.status).toBe(200);
  // 1 MiB each.
  const records = Array.from({ length: 11 }, () => ({ Data: `${'A'.repeat(1_398_102)}==` }));
  const get = async () => {
    const read = call('GetRecords', { ShardIterator: 'of the shard' });
    const { status, body } = await limits(read, async (asked = read) => {
      const { Limit = 10_000 } = JSON.parse(asked.body.toString());
      return answer({ Records: records.slice(0, Limit), NextShardIterator: 'the next' });
    });
    return status === 200 ? JSON.parse(body.toString()).Records.length : JSON.parse(body.toString()).__type;
  };
  expect(await get()).toBe(10);
  now += 4_999;
  expect(await get()).toBe(tooMuch);
  now += 1;
  expect(await get()).toBe(10);
});

it.each<[string, readonly Put[]]>([
  ['more than 500', times(501, {})],
  ['700 of a shard that has taken 600', times(700, {})],
  ['a record that is too large', [...times(450, {}), { bytes: 1_048_577 }]],
  ['a hash key that is none', [...times(450, {}), { hashKey: (2n ** 128n).toString() }]],
])('a call that the engine refuses as a whole takes nothing of a shard: %s', async (_, puts) => {
  const stream = await create();
  await putAll(stream, times(300, {}));
  await putAll(stream, times(300, {}));
  await expect(putAll(stream, puts)).rejects.toThrow();
  expect(throttled).toEqual([]);
  expect((await putAll(stream, times(400, {}))).codes).not.toContain(tooMuch);
  expect((await putAll(stream, times(1, {}))).codes).toEqual([tooMuch]);
});

it('a shard has one second by whichever name it is called, and refused calls are none of its five', async () => {
  const stream = await create();
  for (const name of ['0', '00', 'shardId-0', first]) await stream.iterator(name, oldest);
  for (let n = 0; n < 5; n += 1) {
    const foreign = { ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber: '1' } as const;
    await expect(stream.iterator(first, foreign)).rejects.not.toMatchObject({ name: tooMuch });
  }
  await stream.iterator('shardId-0', oldest);
  await expect(stream.iterator('0', oldest)).rejects.toMatchObject({ name: tooMuch });
});

it('a hash key is a number, whatever zeros are before it', async () => {
  const stream = await create(2);
  const zeros = '0'.repeat(50);
  for (const _ of [1, 2]) await putAll(stream, times(500, { hashKey: `${zeros}7` }));
  expect((await putAll(stream, [{ hashKey: '007' }, { hashKey: HIGH }])).codes).toEqual([tooMuch, 'done']);
});

it('an iterator of the engine says its stream to the check of rights, and so does the next', async () => {
  const stream = await create();
  const iterator = await stream.iterator(first, oldest);
  expect(streamOfIterator(iterator)).toBe(stream.name);
  expect(streamOfIterator((await stream.get(iterator)).NextShardIterator ?? '')).toBe(stream.name);
});

it('what the engine refuses it refuses still', async () => {
  const stream = await create();
  const refused = { name: 'InvalidArgumentException' };
  await expect(stream.put('x', 'k', '-1')).rejects.toMatchObject(refused);
  await expect(stream.get('none')).rejects.toMatchObject(refused);
  const absent = new PutRecordsCommand({
    StreamName: 'absent',
    Records: [{ Data: Buffer.of(1), PartitionKey: 'k' }],
  });
  await expect(kinesis.send(absent)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  expect(throttled).toEqual([]);
});
