import { CreateStreamCommand } from '@aws-sdk/client-kinesis';
import type { KinesisStreamEvent } from 'aws-lambda';
import { expect, it } from 'vitest';
import { type EventsKind, planEvents } from '../../../client/redrive/events-plan.ts';
import { PublishedOutcomes } from '../../../client/redrive/published-outcomes.ts';
import { KinesisStreams } from '../../../client/streams/kinesis-streams.ts';
import { kinesisSource } from '../../../lambda/batch/kinesis-source.ts';
import { decodeUserRecord, type InputRecord } from '../../../lambda/core/decode.ts';
import type { UserEvent } from '../../../lambda/core/events.ts';
import { recordIdOf } from '../../../lambda/core/ids.ts';
import { writeAggregate } from '../../../lambda/core/kpl.ts';
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
    published: new PublishedOutcomes(new KinesisStreams(clients.kinesis), 'out'),
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
  const unputtable = await planEvents(failedBatch(records, { stream: 'absent' }), kind, resources);
  expect(await unputtable.redrive()).toEqual([`${shardId}:${sequenceNumber(1)}`]);
});

it('of an aggregated record has those events applied that never were, in their places, and no other', async () => {
  const memory = await servicesWith('in', 'out');
  const { clients, now } = memory;
  const ofUser = (userId: number, event: object) => ({
    partitionKey: String(userId),
    data: Buffer.from(JSON.stringify({ ...event, userId })),
  });
  const events = [ofUser(1, click), ofUser(2, click), ofUser(1, refund), ofUser(2, click)];
  const passed = writeAggregate(events.filter(({ partitionKey }) => partitionKey === '1'));
  const records = [writeAggregate(events), passed].map((data, index) =>
    kinesisRecord(index + 1, data, { arrival: now() }),
  );
  const cursor = { sequenceNumber: sequenceNumber(3), arrival: now(), outcomes: encodeOutcomes([]) };
  const invoked: InputRecord[] = [];
  const out = new PublishedOutcomes(new KinesisStreams(clients.kinesis), 'out');
  const kind: EventsKind<UserEvent> = {
    decode: decodeUserRecord,
    keyOf: ({ userId }) => userId,
    load: async () => new Map([['1', { cursors: { [shardId]: cursor } }]]),
    retentionMs: 3_600_000,
    published: out,
    isRepeatable: ({ type }, standing) => standing === 'undecided' && type === 'CouponRefundEvent',
    complete: async () => {},
  };
  const functions = {
    variablesOf: async () => ({}),
    invoke: async (_: string, event: unknown) => {
      invoked.push(...kinesisSource.records(event as KinesisStreamEvent));
      return { batchItemFailures: [] };
    },
  };
  const plan = await planEvents(failedBatch(records), kind, { ...resourcesOf(memory), functions });
  const idOf = (n: number, index: number) => `${shardId}:${sequenceNumber(n)}:${index}`;
  expect(plan).toMatchObject({
    counts: { 'to apply': 2, 'to put as new': 2 },
    undecided: [idOf(1, 0), idOf(2, 0)],
    replaced: [idOf(1, 2), idOf(2, 1)],
  });
  // Their outcomes have not come: the function of this test publishes nothing.
  expect(await plan.redrive()).toEqual([idOf(1, 1), idOf(1, 3)]);
  expect(invoked.map(({ source }) => recordIdOf(source))).toEqual([0, 1, 2, 3].map((n) => idOf(1, n)));
  const types = invoked.map(({ data }) => JSON.parse(data.toString()).type);
  expect(types).toEqual(['Heartbeat', 'UserClickEvent', 'Heartbeat', 'UserClickEvent']);
  expect(putOn(memory)).toEqual([
    ['1', refund],
    ['1', refund],
  ]);
});
