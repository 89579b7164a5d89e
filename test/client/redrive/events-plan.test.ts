import { CreateStreamCommand } from '@aws-sdk/client-kinesis';
import { expect, it } from 'vitest';
import { type EventsKind, planEvents } from '../../../client/redrive/events-plan.ts';
import { PublishedOutcomes } from '../../../client/redrive/published-outcomes.ts';
import { decodeUserRecord } from '../../../lambda/core/decode.ts';
import type { UserEvent } from '../../../lambda/core/events.ts';
import { encodeOutcomes } from '../../../lambda/core/outcome-codec.ts';
import { type InMemoryServices, inMemoryServices } from '../../contract/support/in-memory-services.ts';
import { kinesisRecord, sequenceNumber, shardId } from '../../support/records.ts';
import { failedBatch, resourcesOf } from './support.ts';

const click = { type: 'UserClickEvent', userId: 1, lotteryId: 1, timestamp: 1_000 };
const refund = { type: 'CouponRefundEvent', userId: 1, lotteryId: 1, drawId: '1@0', entryId: 'shard:1' };

async function servicesWith(...streams: readonly string[]): Promise<InMemoryServices> {
  const memory = inMemoryServices();
  for (const StreamName of streams)
    await memory.clients.kinesis.send(new CreateStreamCommand({ StreamName }));
  return memory;
}

/** What was put on the stream `in`. */
function putOn({ services }: InMemoryServices) {
  return services
    .records('in')
    .map(({ partitionKey, data }) => [partitionKey, JSON.parse(String(Buffer.from(data)))]);
}

it('asks again for a refund that was passed over, leaves what might count twice, and heartbeats out', async () => {
  const memory = await servicesWith('in', 'out');
  const { clients, now } = memory;
  const options = { partitionKey: '1', arrival: now() };
  const records = [refund, click, { type: 'Heartbeat' }].map((event, index) =>
    kinesisRecord(index + 1, event, options),
  );
  // Later events of the user went on.
  const cursor = { sequenceNumber: sequenceNumber(3), arrival: now(), outcomes: encodeOutcomes([]) };
  const kind: EventsKind<UserEvent> = {
    decode: decodeUserRecord,
    keyOf: ({ userId }) => userId,
    load: async () => new Map([['1', { cursors: { [shardId]: cursor } }]]),
    retentionMs: 3_600_000,
    published: new PublishedOutcomes(clients.kinesis, 'out'),
    isRepeatable: ({ type }, standing) => standing === 'undecided' && type === 'CouponRefundEvent',
    complete: async () => {},
  };
  const resources = resourcesOf(memory);
  const plan = await planEvents(failedBatch(records), kind, resources);
  expect(plan).toMatchObject({
    undecided: [`${shardId}:${sequenceNumber(2)}`],
    replaced: [`${shardId}:${sequenceNumber(1)}`],
    counts: { 'to put as new': 1, 'of no effect': 1 },
  });
  expect(await plan.redrive()).toEqual([]);
  expect(putOn(memory)).toEqual([['1', refund]]);
  // What cannot be put stays, with its name.
  const streamArn = 'arn:aws:kinesis:us-east-1:000000000000:stream/absent';
  const unputtable = await planEvents(failedBatch(records, { streamArn }), kind, resources);
  expect(await unputtable.redrive()).toEqual([`${shardId}:${sequenceNumber(1)}`]);
});
