import { CreateStreamCommand, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { CreateQueueCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { beforeEach, expect, it } from 'vitest';
import {
  lotteryEventsPlanner,
  repeatingPlanner,
  userEventsPlanner,
} from '../../../client/redrive/planners.ts';
import type { PlannerResources } from '../../../client/redrive/resources.ts';
import { DynamoTable } from '../../../lambda/adapters/dynamo-table.ts';
import { LotteriesTable } from '../../../lambda/adapters/lotteries-table.ts';
import { UsersTable } from '../../../lambda/adapters/users-table.ts';
import { entriesTree } from '../../../lambda/core/batch-trees.ts';
import { blockRef, type Entry } from '../../../lambda/core/block.ts';
import { encodeOutcomes } from '../../../lambda/core/outcome-codec.ts';
import { newUser } from '../../../lambda/core/user.ts';
import { type InMemoryServices, inMemoryServices } from '../../contract/support/in-memory-services.ts';
import { click, start, stop } from '../../support/client-events.ts';
import { createTable } from '../../support/dynamo-engine.ts';
import { kinesisRecord, sequenceNumber, shardId } from '../../support/records.ts';
import { failedBatch, resourcesOf, runOf } from './support.ts';

const hour = 3_600_000;

let memory: InMemoryServices;
let resources: PlannerResources;
let variables: Record<string, string>;
let queueUrl: string;

beforeEach(async () => {
  memory = inMemoryServices();
  resources = resourcesOf(memory);
  const { kinesis, sqs, s3, dynamodb } = memory.clients;
  for (const StreamName of ['in', 'out', 'entries'])
    await kinesis.send(new CreateStreamCommand({ StreamName }));
  await s3.send(new CreateBucketCommand({ Bucket: 'draws' }));
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'ticks' }));
  queueUrl = QueueUrl;
  variables = {
    USERS_TABLE: await createTable(dynamodb, { userId: 'S' }),
    LOTTERIES_TABLE: await createTable(dynamodb, { lotteryId: 'S', run: 'N' }),
    ...{
      SEEDS_TABLE: 'seeds',
      DRAWS_TABLE: 'draws',
      REFUNDS_TABLE: 'refunds',
      GRANTS_TABLE: 'grants',
      WATERMARKS_TABLE: 'watermarks',
      DRAWS_BUCKET: 'draws',
    },
    ...{ USER_EVENTS_INPUT_STREAM: 'in', USER_EVENTS_OUTPUT_STREAM: 'out', ENTRIES_STREAM: 'entries' },
    ...{ LOTTERY_EVENTS_OUTPUT_STREAM: 'out', TICKS_QUEUE_URL: queueUrl, CLOCK_TOLERANCE_SECONDS: '300' },
    // As they are set now: a run has its own.
    ...{
      WINDOW_SECONDS: '60',
      GRACE_SECONDS: '30',
      MARGIN_MILLISECONDS: '250',
      STREAM_RETENTION_HOURS: '24',
      RECEIPTS_KEY_ID: 'key',
      AGGREGATE_OUTPUTS: 'off',
      RANDOMNESS: 'seed',
      BEACON_CHAIN: 'none',
    },
  };
});

/** Beyond all that these tests redrive, with no outcome of it. */
function passed() {
  const cursor = { sequenceNumber: sequenceNumber(9), arrival: memory.now(), outcomes: encodeOutcomes([]) };
  return { [shardId]: cursor };
}

async function publish(event: object): Promise<void> {
  const Data = Buffer.from(JSON.stringify(event));
  await memory.clients.kinesis.send(new PutRecordCommand({ StreamName: 'out', PartitionKey: '1', Data }));
}

async function storeLottery(fields: Parameters<typeof runOf>[0] = {}): Promise<void> {
  const lotteries = new LotteriesTable(resources.dynamodb, variables.LOTTERIES_TABLE ?? '', resources.retry);
  const state = { version: 0, cursors: passed(), run: runOf(fields) };
  expect(await lotteries.write([{ key: '1', state }])).toEqual([{ kind: 'written' }]);
}

const recordsOn = (stream: string) =>
  memory.services.records(stream).map(({ data }) => JSON.parse(String(Buffer.from(data))));

it('puts the block of a receipt into the draws bucket, and its partial on entries', async () => {
  await storeLottery();
  const users = new UsersTable(
    new DynamoTable(resources.dynamodb, variables.USERS_TABLE ?? '', resources.retry),
  );
  await users.write([{ key: '7', state: { ...newUser, cursors: passed() } }]);
  const record = kinesisRecord(1, click(7, 21_000), { partitionKey: '7', arrival: memory.now() - hour });
  await publish({
    ...{ type: 'ClickAcceptedEvent', userId: 7, lotteryId: 1, entryId: record.eventID, drawId: '1@20000' },
    ...{ timestamp: 21_000, arrival: 21_000, windowStart: 20_000, windowEnd: 30_000, availableCoupons: 1 },
  });
  const plan = await userEventsPlanner(variables, resources)(failedBatch([record]));
  expect(plan.counts).toMatchObject({ 'published before': 1 });
  expect(await plan.redrive()).toEqual([]);
  const { Contents = [] } = await resources.s3.send(new ListObjectsV2Command({ Bucket: 'draws' }));
  const [{ Key = '' } = {}] = Contents;
  const { Body } = await resources.s3.send(new GetObjectCommand({ Bucket: 'draws', Key }));
  const entries: Entry[] = [[record.eventID, '7']];
  expect(await Body?.transformToString()).toBe(JSON.stringify({ '1@20000': entries }));
  const block = blockRef(Key.replace('blocks/', ''), entriesTree('1@20000', entries).root);
  const draw = { lotteryId: '1', run: 1, windowStart: 20_000, dueAt: 32_251 };
  expect(recordsOn('entries')).toEqual([{ type: 'PartialDraw', ...draw, block }]);
});

it('asks for the last tick of a run whose stop is announced', async () => {
  await storeLottery({ status: 'stopped', lastWindowStart: 20_000 });
  const record = kinesisRecord(1, stop(), { partitionKey: '1', arrival: memory.now() - hour });
  await publish({
    ...{
      type: 'LotteryStoppedEvent',
      lotteryId: 1,
      run: 1,
      lastWindowStart: 20_000,
      recordId: record.eventID,
    },
  });
  const plan = await lotteryEventsPlanner(variables, resources)(failedBatch([record]));
  expect(await plan.redrive()).toEqual([]);
  const { Messages = [] } = await resources.sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl }));
  expect(Messages.map(({ Body = '' }) => JSON.parse(Body))).toEqual([
    { at: memory.now(), dueAt: 32_251, tick: { lotteryId: '1', run: 1, windowStart: 20_000 } },
  ]);
  expect(recordsOn('in')).toEqual([]);
});

it('puts a stop that was never applied as a new one: draws after its arrival may be made', async () => {
  const records = [start(2), stop(1)].map((event, index) =>
    kinesisRecord(index + 1, event, { partitionKey: String(event.lotteryId), arrival: memory.now() - hour }),
  );
  const invoke = async (_: string, event: object) => {
    expect(event).toEqual({ Records: records.slice(0, 1) });
    await publish({ type: 'EventRejectedEvent', reason: 'X', message: '', recordId: records[0]?.eventID });
    return {};
  };
  const functions = { ...resources.functions, invoke };
  const plan = await lotteryEventsPlanner(variables, { ...resources, functions })(failedBatch(records));
  expect(plan).toMatchObject({
    counts: { 'to apply': 1, 'to put as new': 1 },
    ...{ replaced: [records[1]?.eventID], undecided: [] },
  });
  expect(await plan.redrive()).toEqual([]);
  expect(recordsOn('in')).toEqual([stop(1)]);
});

it('asks again for refunds and grants of which nobody knows what became: they are given once', async () => {
  const grant = { type: 'CouponGrantEvent', userId: 1, grantId: 'a' };
  const refund = { type: 'CouponRefundEvent', userId: 1, lotteryId: 1, drawId: '1@0', entryId: 's:1' };
  const records = [grant, refund, click(1, 0)].map((event, index) =>
    kinesisRecord(index + 1, event, { partitionKey: '1', arrival: memory.now() - hour }),
  );
  // Later events of the user went on, without them.
  const cursor = { sequenceNumber: sequenceNumber(9), arrival: memory.now(), outcomes: encodeOutcomes([]) };
  const users = new UsersTable(new DynamoTable(memory.clients.dynamodb, variables.USERS_TABLE ?? ''));
  await users.write([{ key: '1', state: { ...newUser, cursors: { [shardId]: cursor } } }]);
  const plan = await userEventsPlanner(variables, resources)(failedBatch(records));
  expect(plan).toMatchObject({
    replaced: records.slice(0, 2).map(({ eventID }) => eventID),
    undecided: [records[2]?.eventID],
  });
  expect(await plan.redrive()).toEqual([]);
  expect(recordsOn('in')).toEqual([grant, refund]);
});

it('an archive batch is given to its function again, all of it, whatever became of it before', async () => {
  const Records = [kinesisRecord(1, { a: 1 }), kinesisRecord(2, 'no JSON')];
  const given: unknown[] = [];
  const functions = {
    variablesOf: async () => ({}),
    invoke: async (name: string, event: object) => {
      given.push([name, event]);
      return { batchItemFailures: [] };
    },
  };
  const planner = repeatingPlanner({ ...resources, functions });
  const batch = { ...failedBatch(Records), functionName: 'dev-archive' };
  const plan = await planner(batch);
  expect(given).toEqual([]);
  expect(plan).toMatchObject({ counts: { 'given again': 2 }, replaced: [], undecided: [] });
  expect(await plan.redrive()).toEqual([]);
  expect(given).toEqual([['dev-archive', { Records }]]);
});
