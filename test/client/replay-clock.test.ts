import { CreateStreamCommand, SplitShardCommand } from '@aws-sdk/client-kinesis';
import { expect, it } from 'vitest';
import { ReplayClock } from '../../client/replay-clock.ts';
import { inMemoryServices } from '../contract/support/in-memory-services.ts';

it('tells every open shard each time once, and those that a reshard opens', async () => {
  const { services, clients, advance } = inMemoryServices();
  const { kinesis } = clients;
  await kinesis.send(new CreateStreamCommand({ StreamName: 'in', ShardCount: 2 }));
  const clock = new ReplayClock(kinesis, 'in');
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
