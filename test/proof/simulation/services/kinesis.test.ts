import {
  ExpiredIteratorException,
  ExpiredNextTokenException,
  GetRecordsCommand,
  ListShardsCommand,
  ProvisionedThroughputExceededException,
  ResourceNotFoundException,
} from '@aws-sdk/client-kinesis';
import { expect, test } from 'vitest';
import { StreamReader } from '../../../../local/stream-reader.ts';
import type { ServiceOptions, Services } from '../../../../proof/simulation/services/index.ts';
import { simulatedClients } from '../../../../proof/simulation/services/index.ts';
import { inMemoryServices } from '../../../contract/support/in-memory-services.ts';
import { TestStream, textsOf } from '../../../contract/support/test-stream.ts';

const MIDDLE = (2n ** 127n).toString();
const HOUR = 3_600_000;
const first = 'shardId-000000000000';
const oldest = { ShardIteratorType: 'TRIM_HORIZON' } as const;

async function setUp(options: Partial<ServiceOptions> = {}, shards = 1) {
  const memory = inMemoryServices(options);
  const pass = async (ms: number) => memory.advance(ms);
  return { ...memory, stream: await TestStream.create(memory.clients.kinesis, pass, shards) };
}

test('iterators and the tokens of lists expire after five minutes', async () => {
  const { stream, clients, advance } = await setUp({}, 3);
  const iterator = await stream.iterator(first, oldest);
  const list = { StreamName: stream.name, MaxResults: 2 };
  const { NextToken, Shards } = await clients.kinesis.send(new ListShardsCommand(list));
  expect(Shards).toHaveLength(2);
  advance(300_000);
  await stream.get(iterator);
  const { Shards: rest, NextToken: none } = await clients.kinesis.send(new ListShardsCommand({ NextToken }));
  expect(rest?.map(({ ShardId }) => ShardId)).toEqual(['shardId-000000000002']);
  expect(none).toBeUndefined();
  advance(1);
  await expect(stream.get(iterator)).rejects.toThrow(ExpiredIteratorException);
  await expect(clients.kinesis.send(new ListShardsCommand({ NextToken }))).rejects.toThrow(
    ExpiredNextTokenException,
  );
  const both = new ListShardsCommand({ ...list, NextToken });
  await expect(clients.kinesis.send(both)).rejects.toMatchObject({ name: 'InvalidArgumentException' });
});

test('records go when their time is over, and closed shards with the last of them', async () => {
  const { stream, advance } = await setUp();
  await stream.put('old');
  const iterator = await stream.iterator(first, oldest);
  advance(60_000);
  await stream.put('young');
  await stream.split(first, MIDDLE);
  expect(await stream.texts(first)).toEqual(['old', 'young']);
  advance(24 * HOUR - 30_000);
  expect(await stream.texts(first)).toEqual(['young']);
  await expect(stream.get(iterator)).rejects.toThrow(ExpiredIteratorException);
  advance(30_001);
  expect((await stream.shards()).map(({ ShardId }) => ShardId)).toEqual([
    'shardId-000000000001',
    'shardId-000000000002',
  ]);
  await expect(stream.iterator(first, oldest)).rejects.toThrow(ResourceNotFoundException);
});

test('a shard takes 1,000 records a second, and each record of a call fails or not by itself', async () => {
  const { stream, advance } = await setUp({ reorderChance: 0 });
  const texts = Array.from({ length: 400 }, (_, n) => String(n));
  for (const _ of [1, 2]) expect((await stream.putAll(texts)).FailedRecordCount).toBe(0);
  const { Records = [], FailedRecordCount } = await stream.putAll(texts);
  expect(FailedRecordCount).toBe(200);
  expect(Records.map(({ ErrorCode }) => ErrorCode)).toEqual(
    texts.map((_, n) => (n < 200 ? undefined : 'ProvisionedThroughputExceededException')),
  );
  expect(Records.map(({ SequenceNumber }) => SequenceNumber !== undefined)).toEqual(
    texts.map((_, n) => n < 200),
  );
  await expect(stream.put('one more')).rejects.toThrow(ProvisionedThroughputExceededException);
  advance(1_000);
  await stream.put('one more');
  expect(await stream.texts(first)).toHaveLength(1_001);
});

test('a shard takes 1 MiB a second, and other shards are not slower for it', async () => {
  const { stream, advance } = await setUp({}, 2);
  await stream.put('x'.repeat(1_000_000), 'key', '0');
  await expect(stream.put('x'.repeat(60_000), 'key', '0')).rejects.toThrow(
    ProvisionedThroughputExceededException,
  );
  await stream.put('x'.repeat(60_000), 'key', MIDDLE);
  advance(1_000);
  await stream.put('x'.repeat(60_000), 'key', '0');
});

test('a shard is read five times a second by all its consumers, and one with fan-out is none of them', async () => {
  const throttled: unknown[] = [];
  const fanOut = new Set(['watcher']);
  const { stream, services, clients, advance } = await setUp({
    fanOut,
    onThrottled: (each) => throttled.push(each),
  });
  await stream.put('a');
  let iterator = '';
  for (let n = 0; n < 5; n += 1) iterator = await stream.iterator(first, oldest);
  await expect(stream.iterator(first, oldest)).rejects.toThrow(ProvisionedThroughputExceededException);
  for (let n = 0; n < 5; n += 1) await stream.get(iterator);
  await expect(stream.get(iterator)).rejects.toThrow(
    `Rate exceeded for shard ${first} in stream ${stream.name} under account 000000000000.`,
  );
  expect(throttled).toEqual([
    { operation: 'GetShardIterator', count: 1 },
    { operation: 'GetRecords', count: 1 },
  ]);
  const send = async (call: Parameters<Services['handle']>[0]) => services.handle(call);
  const watcher = simulatedClients({ region: 'us-east-1', caller: 'watcher', send });
  const read = new GetRecordsCommand({ ShardIterator: iterator });
  expect(textsOf(await watcher.kinesis.send(read))).toEqual(['a']);
  advance(1_000);
  expect(textsOf(await clients.kinesis.send(read))).toEqual(['a']);
});

test('a shard gives 2 MiB a second: after a read of more the next ones wait as long as it is worth', async () => {
  const { stream, advance } = await setUp({ fanOut: new Set() });
  for (let n = 0; n < 4; n += 1) {
    await stream.put('x'.repeat(1_000_000));
    advance(1_000);
  }
  const iterator = await stream.iterator(first, oldest);
  expect((await stream.get(iterator)).Records).toHaveLength(4);
  advance(1_907);
  await expect(stream.get(iterator, 1)).rejects.toThrow(ProvisionedThroughputExceededException);
  advance(1);
  for (const _ of [1, 2, 3]) await stream.get(iterator, 1);
  await expect(stream.get(iterator, 1)).rejects.toThrow(ProvisionedThroughputExceededException);
});

test('a reader along reads on when it was refused, and takes no refusal for an empty shard', async () => {
  const { stream, clients, advance, now } = await setUp({ fanOut: new Set() });
  const slept: number[] = [];
  const sleep = async (ms: number) => {
    slept.push(ms);
    advance(ms);
  };
  const reader = new StreamReader(clients.kinesis, stream.name, { now, sleep });
  for (let n = 0; n < 7; n += 1) {
    await stream.put(String(n));
    expect((await reader.poll()).map(({ data }) => Buffer.from(data).toString())).toEqual([String(n)]);
  }
  expect(slept.length).toBeGreaterThan(0);
  await stream.put('when the iterator has expired');
  advance(300_001);
  expect(await reader.poll()).toHaveLength(1);
});

test('arrival stamps step back, by no more than they may', async () => {
  const { stream, now } = await setUp({ stampJitterMs: () => 50 });
  for (let n = 0; n < 50; n += 1) await stream.put(String(n));
  const { Records = [] } = await stream.get(await stream.iterator(first, oldest));
  const behind = Records.map(({ ApproximateArrivalTimestamp: at }) => now() - (at?.getTime() ?? 0));
  expect(Math.min(...behind)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...behind)).toBeLessThanOrEqual(50);
  expect(behind.some((ms, n) => n > 0 && ms > (behind[n - 1] ?? 0))).toBe(true);
});

test('the order of a call’s records is not promised; the places that it answers are right', async () => {
  const { stream } = await setUp({ reorderChance: 1 });
  const texts = Array.from({ length: 20 }, (_, n) => String(n));
  const { Records = [] } = await stream.putAll(texts);
  const { Records: read = [] } = await stream.get(await stream.iterator(first, oldest));
  expect(textsOf({ Records: read })).not.toEqual(texts);
  expect(textsOf({ Records: read }).toSorted()).toEqual(texts.toSorted());
  const byNumber = new Map(read.map((record) => [record.SequenceNumber, record.PartitionKey]));
  expect(Records.map(({ SequenceNumber }) => byNumber.get(SequenceNumber))).toEqual(texts);
});

test('a read says how far it is behind and, at the end of a closed shard, where it goes on', async () => {
  const { stream, advance } = await setUp();
  await stream.put('a');
  await stream.put('b');
  advance(2_500);
  let page = await stream.get(await stream.iterator(first, oldest), 1);
  expect(page.MillisBehindLatest).toBe(2_500);
  await stream.split(first, MIDDLE);
  for (let reads = 0; page.NextShardIterator !== undefined && reads < 3; reads += 1) {
    page = await stream.get(page.NextShardIterator);
  }
  expect(page.MillisBehindLatest).toBe(0);
  expect(page.ChildShards?.map(({ ShardId, ParentShards }) => [ShardId, ParentShards])).toEqual([
    ['shardId-000000000001', [first]],
    ['shardId-000000000002', [first]],
  ]);
});

test('what a stream holds can be looked at', async () => {
  const { stream, services, now } = await setUp({}, 2);
  const { shardId, sequenceNumber } = await stream.put('text', 'anna');
  expect(services.records(stream.name)).toEqual([
    {
      stream: stream.name,
      shardId,
      sequenceNumber,
      partitionKey: 'anna',
      arrival: now(),
      data: Buffer.from('text'),
    },
  ]);
});
