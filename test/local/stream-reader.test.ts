import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  MergeShardsCommand,
  PutRecordCommand,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Clients, createClients } from '../../local/clients.ts';
import { systemClock } from '../../local/clock.ts';
import { type Engine, startEngine } from '../../local/engines/engine.ts';
import { StreamReader } from '../../local/stream-reader.ts';

let engine: Engine;
let clients: Clients;

beforeAll(async () => {
  engine = await startEngine('kinesalite', {
    ...{ port: 0, region: 'us-east-1', accountId: '000000000000' },
    onFailure: (error) => {
      throw error;
    },
  });
  const { endpoint } = engine;
  clients = createClients(
    { kinesis: endpoint, dynamodb: endpoint, sqs: endpoint, s3: endpoint },
    'us-east-1',
  );
});

afterAll(async () => {
  clients?.destroy();
  await engine?.stop();
});

/** Hash keys of both halves of the key space. */
const LOW = '1';
const HIGH = (2n ** 128n - 1n).toString();

async function put(StreamName: string, text: string, ExplicitHashKey = LOW): Promise<void> {
  await clients.kinesis.send(
    new PutRecordCommand({ StreamName, Data: Buffer.from(text), PartitionKey: 'key', ExplicitHashKey }),
  );
}

async function active(StreamName: string): Promise<void> {
  await expect
    .poll(async () => {
      const answer = await clients.kinesis.send(new DescribeStreamSummaryCommand({ StreamName }));
      return answer.StreamDescriptionSummary?.StreamStatus;
    })
    .toBe('ACTIVE');
}

async function texts(reader: StreamReader, count: number): Promise<string[]> {
  const all: string[] = [];
  await expect
    .poll(async () => {
      for (const { data } of await reader.poll()) all.push(Buffer.from(data).toString());
      return all.length;
    })
    .toBeGreaterThanOrEqual(count);
  return all;
}

describe('StreamReader', () => {
  it('reads from the oldest record on, in order, and each record once', async () => {
    await clients.kinesis.send(new CreateStreamCommand({ StreamName: 'plain', ShardCount: 1 }));
    await active('plain');
    await put('plain', 'a');
    await put('plain', 'b');
    const reader = new StreamReader(clients.kinesis, 'plain');
    expect(await texts(reader, 2)).toEqual(['a', 'b']);
    await put('plain', 'c');
    expect(await texts(reader, 1)).toEqual(['c']);
    expect(await reader.poll()).toEqual([]);
  });

  it('reads the children of a split and of a merge after all of their parents', async () => {
    const StreamName = 'resharded';
    await clients.kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
    await active(StreamName);
    await put(StreamName, 'parent');
    await clients.kinesis.send(
      new SplitShardCommand({
        StreamName,
        ShardToSplit: 'shardId-000000000000',
        NewStartingHashKey: (2n ** 127n).toString(),
      }),
    );
    await active(StreamName);
    await put(StreamName, 'low child', LOW);
    await put(StreamName, 'high child', HIGH);
    await clients.kinesis.send(
      new MergeShardsCommand({
        StreamName,
        ShardToMerge: 'shardId-000000000001',
        AdjacentShardToMerge: 'shardId-000000000002',
      }),
    );
    await active(StreamName);
    await put(StreamName, 'grandchild');
    const all = await texts(new StreamReader(clients.kinesis, StreamName), 4);
    expect([all[0], all.slice(1, 3).toSorted(), all[3]]).toEqual([
      'parent',
      ['high child', 'low child'],
      'grandchild',
    ]);
  });

  it('reads what comes from now on alone, and what a reshard opens then from its beginning', async () => {
    const StreamName = 'followed';
    await clients.kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
    await active(StreamName);
    await put(StreamName, 'before');
    const reader = new StreamReader(clients.kinesis, StreamName, systemClock, { from: 'latest' });
    await reader.begin();
    // Before it has polled: its places are taken.
    await put(StreamName, 'after');
    expect(await texts(reader, 1)).toEqual(['after']);
    await clients.kinesis.send(
      new SplitShardCommand({
        StreamName,
        ShardToSplit: 'shardId-000000000000',
        NewStartingHashKey: (2n ** 127n).toString(),
      }),
    );
    await active(StreamName);
    await put(StreamName, 'low child', LOW);
    await put(StreamName, 'high child', HIGH);
    expect((await texts(reader, 2)).toSorted()).toEqual(['high child', 'low child']);
  });

  it('reads the shards of one key alone', async () => {
    const StreamName = 'keyed';
    await clients.kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 2 }));
    await active(StreamName);
    // MD5 of the key begins with 3c: it is in the lower half.
    await put(StreamName, 'its own', LOW);
    await put(StreamName, 'another one', HIGH);
    const reader = new StreamReader(clients.kinesis, StreamName, systemClock, { partitionKey: 'key' });
    const until = Date.now();
    expect(reader.hasReadUpTo(until)).toBe(false);
    expect(await texts(reader, 1)).toEqual(['its own']);
    await reader.poll();
    expect(await reader.poll()).toEqual([]);
    expect(reader.hasReadUpTo(until)).toBe(true);
  });
});
