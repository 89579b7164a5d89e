import { CreateStreamCommand } from '@aws-sdk/client-kinesis';
import { expect, it } from 'vitest';
import { tailOf } from '../../../client/archive/tail.ts';
import { PublishedOutcomes } from '../../../client/redrive/published-outcomes.ts';
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
  const tail = tailOf(clients.kinesis, { stream, shardId: 'shardId-000000000000', after: undefined });
  for await (const { recordId, text } of tail) {
    ids.push(recordId);
    read.push(JSON.parse(text ?? ''));
  }
  expect(read).toEqual(events);
  expect(ids.map((id) => id.split(':')[2])).toEqual(['0', '1', '2']);
  const published = new PublishedOutcomes(clients.kinesis, stream);
  await published.catchUp();
  expect(events.map(({ recordId }) => published.of(recordId))).toEqual(events);
});
