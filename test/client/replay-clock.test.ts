import { CreateStreamCommand, SplitShardCommand } from '@aws-sdk/client-kinesis';
import { expect, it } from 'vitest';
import { ReplayClock, replayedUpTo } from '../../client/replay-clock.ts';
import { KinesisStreams } from '../../client/streams/kinesis-streams.ts';
import { DynamoTable } from '../../lambda/adapters/dynamo-table.ts';
import { WatermarksTable } from '../../lambda/adapters/watermarks-table.ts';
import { inMemoryServices } from '../contract/support/in-memory-services.ts';
import { createTable } from '../support/dynamo-engine.ts';

it('tells every open shard each time once, and those that a reshard opens', async () => {
  const { services, clients, advance } = inMemoryServices();
  const { kinesis } = clients;
  await kinesis.send(new CreateStreamCommand({ StreamName: 'in', ShardCount: 2 }));
  const clock = new ReplayClock(new KinesisStreams(kinesis), 'in');
  const told = () =>
    services
      .records('in')
      .map(({ shardId, data }) => [shardId.slice(-1), JSON.parse(String(Buffer.from(data)))]);
  const at = (shard: number, time: number) => [String(shard), { type: 'Heartbeat', time }];

  await clock.keepUp();
  expect(told()).toEqual([]);
  await clock.reach(7);
  await clock.reach(5);
  await clock.keepUp();
  expect(told().sort()).toEqual([at(0, 7), at(1, 7)]);
  expect(clock.time).toBe(7);
  await kinesis.send(
    new SplitShardCommand({
      ...{ StreamName: 'in', ShardToSplit: 'shardId-000000000000', NewStartingHashKey: '1000' },
    }),
  );
  advance(60_000);
  await clock.keepUp();
  expect(told().sort()).toEqual([at(0, 7), at(1, 7), at(2, 7), at(3, 7)]);
  await clock.reach(9);
  expect(told().sort().slice(-3)).toEqual([at(2, 9), at(3, 7), at(3, 9)]);
});

it('says how far a replay was: the furthest of the shards, and what a shard came from before it has a time itself', async () => {
  const { clients, advance } = inMemoryServices();
  const { kinesis, dynamodb } = clients;
  await kinesis.send(new CreateStreamCommand({ StreamName: 'in', ShardCount: 2 }));
  const table = await createTable(dynamodb, { shardId: 'S' });
  const watermarks = new WatermarksTable(dynamodb, new DynamoTable(dynamodb, table));
  const reach = (shard: number, clock: number | undefined) =>
    watermarks.advance(
      { input: 'user', shardId: `shardId-00000000000${shard}` },
      { ...{ watermark: 99, position: String(clock ?? 1) }, ...(clock !== undefined && { clock }) },
    );
  const replayed = () => replayedUpTo({ outer: new KinesisStreams(kinesis), dynamodb, stream: 'in', table });

  expect(await replayed()).toBe(0);
  // A live run has no clock.
  await reach(0, undefined);
  expect(await replayed()).toBe(0);
  await reach(0, 8);
  await reach(1, 5);
  expect(await replayed()).toBe(8);
  await kinesis.send(
    new SplitShardCommand({
      ...{ StreamName: 'in', ShardToSplit: 'shardId-000000000000', NewStartingHashKey: '1000' },
    }),
  );
  advance(60_000);
  expect(await replayed()).toBe(8);
  await reach(3, 9);
  expect(await replayed()).toBe(9);
});
