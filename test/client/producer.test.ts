import { CreateStreamCommand } from '@aws-sdk/client-kinesis';
import { beforeEach, expect, it } from 'vitest';
import { Producer } from '../../client/producer.ts';
import { KinesisStreams } from '../../client/streams/kinesis-streams.ts';
import type { Clock } from '../../local/clock.ts';
import { type InMemoryServices, inMemoryServices } from '../contract/support/in-memory-services.ts';

let memory: InMemoryServices;
let clock: Clock;

beforeEach(async () => {
  // In the order of a call, as the local engine.
  memory = inMemoryServices({ reorderChance: 0 });
  clock = { now: memory.now, sleep: async (ms) => memory.advance(ms) };
  const create = new CreateStreamCommand({ StreamName: 'users', ShardCount: 1 });
  await memory.clients.kinesis.send(create);
});

const producer = () =>
  new Producer(
    new KinesisStreams(memory.clients.kinesis),
    {
      ...{ lotteryEventsInput: 'absent', userEventsInput: 'users' },
      ...{ lotteryEventsOutput: '', userEventsOutput: '', windowMs: 0, graceMs: 0 },
    },
    clock,
  );

const lines = (count: number, from = 0) =>
  Array.from({ length: count }, (_, n) => ({ partitionKey: '7', data: Buffer.from(String(from + n)) }));

it('puts again what a shard had no room for, in the order of the lines, and each once', async () => {
  const ids = [];
  for (const from of [0, 400, 800]) ids.push(...(await producer().putAll('user', lines(400, from))));
  ids.push(await producer().put({ stream: 'user', partitionKey: '7', data: Buffer.from('1200') }));
  const records = memory.services.records('users');
  expect(records.map(({ data }) => Number(data.toString()))).toEqual(
    Array.from({ length: 1_201 }, (_, n) => n),
  );
  expect(records.map(({ shardId, sequenceNumber }) => `${shardId}:${sequenceNumber}`)).toEqual(ids);
});

it('fails when a stream is not there, and when a record is not taken for another reason', async () => {
  await expect(producer().putAll('lottery', lines(1))).rejects.toThrow(
    'Stream absent under account not found',
  );
  let Records = [{ ErrorCode: 'InternalFailure' }];
  memory.clients.kinesis.middlewareStack.add(
    () => async () => ({ response: {}, output: { $metadata: {}, Records } }),
    { step: 'initialize' },
  );
  const put = () => producer().putAll('user', lines(1));
  await expect(put()).rejects.toThrow('A record was not taken: InternalFailure');
  Records = [];
  await expect(put()).rejects.toThrow('A record was not taken: there is no answer for it');
});
