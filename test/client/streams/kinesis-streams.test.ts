import {
  ExpiredIteratorException,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type KinesisClient,
  ProvisionedThroughputExceededException,
} from '@aws-sdk/client-kinesis';
import { expect, it } from 'vitest';
import { KinesisStreams } from '../../../client/streams/kinesis-streams.ts';

const shard = { stream: 'out', shardId: 'shardId-000000000000' };

/** A shard with the records 1 to 2,500. @param failures of reads: by how many reads came before */
function shardOf(failures: Readonly<Record<number, Error>>): KinesisClient {
  let reads = 0;
  const send = async (command: object) => {
    if (command instanceof GetShardIteratorCommand)
      return { ShardIterator: command.input.StartingSequenceNumber ?? '0' };
    if (!(command instanceof GetRecordsCommand)) throw new TypeError('Not known here');
    const failure = failures[reads];
    reads += 1;
    if (failure) throw failure;
    const first = Number(command.input.ShardIterator);
    const last = Math.min(first + (command.input.Limit ?? 0), 2_500);
    const Records = Array.from({ length: last - first }, (_, index) => ({
      SequenceNumber: String(first + index + 1),
      Data: Buffer.from('{}'),
    }));
    return { Records, NextShardIterator: String(last), MillisBehindLatest: 2_500 - last };
  };
  return { send } as unknown as KinesisClient;
}

const refused = { message: 'Not now', $metadata: {} };

it.each([
  ['is whole', {}],
  [
    'that is throttled, as others read it too, is read again',
    {
      0: new ProvisionedThroughputExceededException(refused),
      2: new ProvisionedThroughputExceededException(refused),
    },
  ],
  [
    'whose iterator has expired, as its records were taken slowly, goes on behind them',
    { 1: new ExpiredIteratorException(refused), 2: new ExpiredIteratorException(refused) },
  ],
])('the rest of a shard %s', async (_, failures) => {
  const read: string[] = [];
  const tail = new KinesisStreams(shardOf(failures)).tail({ ...shard, after: '500' });
  for await (const { sequenceNumber } of tail) read.push(sequenceNumber);
  expect(read).toEqual(Array.from({ length: 2_000 }, (_, index) => `${index + 501}`));
});

it('ends with what is wrong otherwise', async () => {
  const streams = new KinesisStreams(shardOf({ 0: new Error('You may not') }));
  const tail = streams.tail({ ...shard, after: undefined });
  await expect(tail.next()).rejects.toThrow('You may not');
});
