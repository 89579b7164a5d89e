import { CreateStreamCommand } from '@aws-sdk/client-kinesis';
import { expect, it } from 'vitest';
import { PublishedOutcomes } from '../../../client/redrive/published-outcomes.ts';
import { KinesisStreams } from '../../../client/streams/kinesis-streams.ts';
import { AggregatingPublisher } from '../../../lambda/adapters/aggregating-publisher.ts';
import { inMemoryServices } from '../../contract/support/in-memory-services.ts';
import { noWaiting } from '../../support/sdk-clients.ts';

it('what outputs have in one record is read event by event, each with its id', async () => {
  const { clients } = inMemoryServices();
  const stream = 'out';
  await clients.kinesis.send(new CreateStreamCommand({ StreamName: stream, ShardCount: 1 }));
  const outcome = (n: number) => ({
    ...{ type: 'CouponsBoughtEvent', userId: n, purchasedCoupons: 1, availableCoupons: 1 },
    recordId: `shard:${n}:0`,
  });
  const events = [1, 2, 3].map(outcome);
  await new AggregatingPublisher(clients.kinesis, stream, noWaiting()).publish(
    events.map((value) => ({ partitionKey: String(value.userId), value })),
  );
  const read: unknown[] = [];
  const ids: string[] = [];
  const outer = new KinesisStreams(clients.kinesis);
  const tail = outer.tail({ stream, shardId: 'shardId-000000000000', after: undefined });
  for await (const { index, data } of tail) {
    ids.push(String(index));
    read.push(JSON.parse(String(Buffer.from(data))));
  }
  expect(read).toEqual(events);
  expect(ids).toEqual(['0', '1', '2']);
  const published = new PublishedOutcomes(outer, stream);
  await published.catchUp();
  expect(events.map(({ recordId }) => published.of(recordId))).toEqual(events);
});
