import { CreateStreamCommand } from '@aws-sdk/client-kinesis';
import { expect, it } from 'vitest';
import { type EventsKind, planEvents } from '../../../client/redrive/events-plan.ts';
import type { FailedBatch } from '../../../client/redrive/failed-batches.ts';
import { PublishedOutcomes } from '../../../client/redrive/published-outcomes.ts';
import { decodeUserRecord } from '../../../lambda/core/decode.ts';
import type { UserEvent } from '../../../lambda/core/events.ts';
import { encodeOutcomes } from '../../../lambda/core/outcome-codec.ts';
import { inMemoryServices } from '../../contract/support/in-memory-services.ts';
import { kinesisRecord, sequenceNumber, shardId } from '../../support/records.ts';

const click = { type: 'UserClickEvent', userId: 1, lotteryId: 1, timestamp: 1_000 };
const refund = { type: 'CouponRefundEvent', userId: 1, lotteryId: 1, drawId: '1@0', entryId: 'shard:1' };

it('asks again for a refund that was passed over, and leaves what might count twice', async () => {
  const { services, clients, now } = inMemoryServices();
  for (const StreamName of ['in', 'out']) await clients.kinesis.send(new CreateStreamCommand({ StreamName }));
  const options = { partitionKey: '1', arrival: now() };
  const records = [kinesisRecord(1, refund, options), kinesisRecord(2, click, options)];
  const batch: FailedBatch = {
    ...{
      key: 'key',
      functionArn: 'function',
      functionName: 'user-events',
      condition: 'RetryAttemptsExhausted',
    },
    ...{ streamArn: 'arn:aws:kinesis:us-east-1:000000000000:stream/in', shardId, records, state: undefined },
  };
  // Later events of the user went on.
  const cursor = { sequenceNumber: sequenceNumber(3), arrival: now(), outcomes: encodeOutcomes([]) };
  const kind: EventsKind<UserEvent> = {
    decode: decodeUserRecord,
    keyOf: ({ userId }) => userId,
    load: async () => new Map([['1', { cursors: { [shardId]: cursor } }]]),
    ...{ parallelizationFactor: 1, retentionMs: 3_600_000 },
    published: new PublishedOutcomes(clients.kinesis, 'out'),
    isRepeatable: ({ type }, age) => type === 'CouponRefundEvent' && age < 1,
    complete: async () => {},
  };
  const resources = {
    ...{ kinesis: clients.kinesis, s3: clients.s3, dynamodb: clients.dynamodb, now },
    functions: { variablesOf: async () => ({}), invoke: () => Promise.reject(new Error('Nothing to apply')) },
    retry: { attempts: 1, firstPauseMs: 0, sleep: async () => {}, random: () => 0 },
  };
  const plan = await planEvents(batch, kind, resources);
  expect(plan).toMatchObject({
    undecided: [`${shardId}:${sequenceNumber(2)}`],
    replaced: [`${shardId}:${sequenceNumber(1)}`],
    counts: { 'to ask for again': 1 },
  });
  expect(await plan.redrive()).toEqual([]);
  const put = services
    .records('in')
    .map(({ partitionKey, data }) => [partitionKey, JSON.parse(String(Buffer.from(data)))]);
  expect(put).toEqual([['1', refund]]);
  // What cannot be put stays, with its name.
  const streamArn = 'arn:aws:kinesis:us-east-1:000000000000:stream/absent';
  const unputtable = await planEvents({ ...batch, streamArn }, kind, resources);
  expect(await unputtable.redrive()).toEqual([`${shardId}:${sequenceNumber(1)}`]);
});
