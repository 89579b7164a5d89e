import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, test } from 'vitest';
import type { TopicRecord } from '../../../lambda/adapters/kafka/kafka-client.ts';
import { kafkaConnector } from '../../../lambda/adapters/kafka/kafka-connector.ts';
import { kafkaSource } from '../../../lambda/batch/kafka-source.ts';
import { wireLotteryEvents } from '../../../lambda/functions/lottery-events/wiring.ts';
import { wireUserEvents } from '../../../lambda/functions/user-events/wiring.ts';
import { type InMemoryServices, inMemoryServices } from '../../contract/support/in-memory-services.ts';
import { createTable } from '../../support/dynamo-engine.ts';
import { MemoryTelemetry } from '../../support/fakes/memory-telemetry.ts';
import { noWaiting } from '../../support/sdk-clients.ts';

const topic = 'dev-input-topic';
const dayMs = 86_400_000;
const variables = {
  ...{
    DRAWS_BUCKET: 'draws',
    ENTRIES_STREAM: 'entries',
    RECEIPTS_KEY_ID: 'receipts',
    TICKS_QUEUE_URL: 'ticks',
  },
  ...{ WINDOW_SECONDS: '10', GRACE_SECONDS: '2', MARGIN_MILLISECONDS: '250', CLOCK_TOLERANCE_SECONDS: '120' },
  ...{ STREAM_RETENTION_HOURS: '24', AGGREGATE_OUTPUTS: 'off', RANDOMNESS: 'seed', BEACON_CHAIN: 'none' },
  ...{
    USER_EVENTS_INPUT_STREAM: topic,
    USER_EVENTS_OUTPUT_STREAM: 'out',
    LOTTERY_EVENTS_OUTPUT_STREAM: 'out',
  },
};

let backend: InMemoryServices;
let tables: Record<'USERS' | 'LOTTERIES' | 'SEEDS' | 'REFUNDS' | 'GRANTS' | 'WATERMARKS', string>;
let put: readonly TopicRecord[] | undefined;

beforeEach(async () => {
  backend = inMemoryServices();
  backend.services.kms.createKey({ keyId: 'receipts', spec: 'ECC_NIST_P256', isEnabled: true });
  const make = (key: Record<string, 'S' | 'N'>) => createTable(backend.clients.dynamodb, key);
  tables = {
    ...{ USERS: await make({ userId: 'S' }), LOTTERIES: await make({ lotteryId: 'S', run: 'N' }) },
    ...{ SEEDS: await make({ seedCommitment: 'S' }), REFUNDS: await make({ refundId: 'S' }) },
    ...{ GRANTS: await make({ grantId: 'S' }), WATERMARKS: await make({ shardId: 'S' }) },
  };
  put = undefined;
});

/** What both functions are made of. Brokers take nothing until `put` is there. */
function parts() {
  const { clients, now } = backend;
  const retry = noWaiting();
  const named = Object.entries(tables).map(([name, table]) => [`${name}_TABLE`, table]);
  const brokers = {
    async produce(_: string, records: readonly TopicRecord[]) {
      if (put === undefined) throw new Error('no leader');
      put = [...put, ...records];
    },
    partitions: async () => [0],
  };
  return {
    environment: { ...variables, ...Object.fromEntries(named) },
    resources: {
      ...{ dynamo: clients.dynamodb, kinesis: clients.kinesis, s3: clients.s3, sqs: clients.sqs },
      ...{ kms: clients.kms, telemetry: new MemoryTelemetry(), now, retry, newSeed: () => '0'.repeat(64) },
    },
    connector: kafkaConnector(brokers, { source: kafkaSource({ reportsFailures: false }), retry }),
  };
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

/** A batch of one event of now. */
function batchOf(key: string, event: object) {
  const record = {
    ...{ topic, partition: 0, offset: 7, timestamp: backend.now(), timestampType: 'LOG_APPEND_TIME' },
    ...{ key: base64(key), value: base64(JSON.stringify(event)) },
  };
  return { records: { [`${topic}-0`]: [record] } };
}

/** Publishing fails once, after the write; then the batch comes again, and once more. */
async function deliver<Event>(work: (event: Event) => Promise<unknown>, batch: Event): Promise<unknown[]> {
  backend.advance(8 * dayMs);
  await expect(work(batch)).rejects.toThrow('no leader');
  put = [];
  await work(batch);
  await work(batch);
  return put.map(({ value }) => JSON.parse(value.toString()));
}

describe('what a topic has kept for longer than its retention, as it keeps whole segments', () => {
  test('is applied once to a user', async () => {
    const { environment, resources, connector } = parts();
    const batch = batchOf('7', { type: 'UserBuyCouponEvent', userId: 7, purchasedCoupons: 10 });
    await deliver(wireUserEvents(environment, resources, connector), batch);
    const key = { TableName: tables.USERS, Key: { userId: { S: '7' } } };
    const { Item } = await resources.dynamo.send(new GetItemCommand(key));
    expect(Item?.coupons).toEqual({ N: '10' });
  });

  test('is applied once to a lottery, and has one outcome', async () => {
    const { environment, resources, connector } = parts();
    const batch = batchOf('1', { type: 'LotteryStartEvent', lotteryId: 1 });
    const outcomes = await deliver(wireLotteryEvents(environment, resources, connector), batch);
    const started = expect.objectContaining({ type: 'LotteryStartedEvent' });
    expect(outcomes).toEqual([started, started]);
  });
});
