import { CreateStreamCommand, SplitShardCommand } from '@aws-sdk/client-kinesis';
import { expect, it } from 'vitest';
import { eventsOf } from '../../../client/aggregated.ts';
import { AggregatingPublisher } from '../../../lambda/adapters/aggregating-publisher.ts';
import { isAggregate } from '../../../lambda/core/kpl.ts';
import { hashKeyOf, listShards } from '../../../local/shards.ts';
import { inMemoryServices } from '../../contract/support/in-memory-services.ts';
import { noWaiting } from '../../support/sdk-clients.ts';

async function stream(ShardCount: number) {
  const { clients, services } = inMemoryServices();
  await clients.kinesis.send(new CreateStreamCommand({ StreamName: 'out', ShardCount }));
  const publisher = new AggregatingPublisher(clients.kinesis, 'out', noWaiting());
  const records = () => services.records('out');
  const events = () => records().flatMap((record) => eventsOf(record));
  return { kinesis: clients.kinesis, publisher, records, events };
}

const outcomes = (count: number, of = 40) =>
  Array.from({ length: count }, (_, n) => ({
    partitionKey: `user ${n % of}`,
    value: { n, padding: 'x'.repeat(n % 700) },
  }));
const numberOf = ({ data }: { data: Uint8Array }): number => JSON.parse(String(Buffer.from(data))).n;
const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);

it('packs what goes to a shard into records that cost one put each, each event with its own key', async () => {
  const { kinesis, publisher, records, events } = await stream(4);
  await publisher.publish(outcomes(1_000));
  expect(
    events()
      .map(numberOf)
      .sort((a, b) => a - b),
  ).toEqual(numbers(1_000));
  const sizes = records().map(({ data, partitionKey }) => data.length + partitionKey.length);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(25_000);
  expect(records().length).toBeLessThan(30);
  const shards = await listShards(kinesis, 'out');
  for (const { partitionKey, shardId, data } of events()) {
    expect(partitionKey).toBe(`user ${numberOf({ data }) % 40}`);
    const key = hashKeyOf(partitionKey);
    const own = shards.find(({ hashKeys: [first, last] }) => first <= key && key <= last);
    expect(shardId).toBe(own?.shardId);
  }
});

it('a lone event comes alone, under its own key, and one that fills a record as well', async () => {
  const { publisher, records } = await stream(1);
  await publisher.publish([{ partitionKey: 'a', value: { n: 1 } }]);
  await publisher.publish(
    [30_000, 10, 30_000].map((length) => ({
      partitionKey: 'b',
      value: { n: 2, padding: 'x'.repeat(length) },
    })),
  );
  expect(records().map(({ partitionKey, data }) => [partitionKey, isAggregate(data)])).toEqual([
    ['a', false],
    ...Array(3).fill(['b', false]),
  ]);
  await publisher.publish([]);
  expect(records()).toHaveLength(4);
});

it('is told by where a record lands that a shard was split, and puts on the other half what is of it', async () => {
  const { kinesis, publisher, events } = await stream(1);
  await publisher.publish(outcomes(10));
  const [first] = await listShards(kinesis, 'out');
  await kinesis.send(
    new SplitShardCommand({
      StreamName: 'out',
      ShardToSplit: first?.shardId,
      NewStartingHashKey: String(2n ** 127n),
    }),
  );
  const before = events().length;
  await publisher.publish(outcomes(40));
  const shards = await listShards(kinesis, 'out');
  const isAtHome = ({ partitionKey, shardId }: { partitionKey: string; shardId: string }) =>
    shards.some(({ shardId: id, hashKeys: [from, to] }) => {
      const key = hashKeyOf(partitionKey);
      return id === shardId && from <= key && key <= to;
    });
  const came = events().slice(before);
  const atHome = new Set(came.filter(isAtHome).map(numberOf));
  expect([...atHome].sort((a, b) => a - b)).toEqual(numbers(40));
  expect(came.length).toBeGreaterThan(40);
  // From now on it knows.
  await publisher.publish(outcomes(40));
  expect(
    events()
      .slice(before + came.length)
      .every(isAtHome),
  ).toBe(true);
  expect(events()).toHaveLength(before + came.length + 40);
});
