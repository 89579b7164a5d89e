import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { kafkaConnector } from '../../../lambda/adapters/kafka/kafka-connector.ts';
import { wireUserEvents } from '../../../lambda/functions/user-events/wiring.ts';
import { inMemoryServices } from '../../contract/support/in-memory-services.ts';
import { createTable } from '../../support/dynamo-engine.ts';
import { MemoryTelemetry } from '../../support/fakes/memory-telemetry.ts';
import { noWaiting } from '../../support/sdk-clients.ts';

const topic = 'dev-user-input-topic';
const dayMs = 86_400_000;

test('a topic keeps whole segments, longer than it says: what is that old is applied once all the same', async () => {
  const { clients, advance, now } = inMemoryServices();
  const retry = noWaiting();
  let isPublishing = false;
  const brokers = {
    async produce() {
      if (!isPublishing) throw new Error('no leader');
    },
    partitions: async () => [0],
  };
  const users = await createTable(clients.dynamodb, { userId: 'S' });
  const name = (key: Record<string, 'S' | 'N'>) => createTable(clients.dynamodb, key);
  const userEvents = wireUserEvents(
    {
      ...{ USERS_TABLE: users, LOTTERIES_TABLE: await name({ lotteryId: 'S', run: 'N' }) },
      ...{ REFUNDS_TABLE: await name({ refundId: 'S' }), GRANTS_TABLE: await name({ grantId: 'S' }) },
      ...{ WATERMARKS_TABLE: await name({ shardId: 'S' }), DRAWS_BUCKET: 'draws', ENTRIES_STREAM: 'entries' },
      ...{ USER_EVENTS_INPUT_STREAM: topic, USER_EVENTS_OUTPUT_STREAM: 'out', RECEIPTS_KEY_ID: 'key' },
      ...{ WINDOW_SECONDS: '10', GRACE_SECONDS: '2', MARGIN_MILLISECONDS: '250' },
      ...{ CLOCK_TOLERANCE_SECONDS: '120', STREAM_RETENTION_HOURS: '24', AGGREGATE_OUTPUTS: 'off' },
    },
    {
      ...{ dynamo: clients.dynamodb, kinesis: clients.kinesis, s3: clients.s3, kms: clients.kms },
      ...{ telemetry: new MemoryTelemetry(), now, retry },
    },
    kafkaConnector(brokers, { retry, reportsFailures: false }),
  );
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const record = {
    ...{ topic, partition: 0, offset: 7, timestamp: now(), timestampType: 'LOG_APPEND_TIME' },
    key: base64('7'),
    value: base64('{"type":"UserBuyCouponEvent","userId":7,"purchasedCoupons":10}'),
  };
  const deliver = () => userEvents({ records: { [`${topic}-0`]: [record] } });
  advance(8 * dayMs);
  await expect(deliver()).rejects.toThrow('no leader');
  isPublishing = true;
  await deliver();
  await deliver();
  const { Item } = await clients.dynamodb.send(
    new GetItemCommand({ TableName: users, Key: { userId: { S: '7' } } }),
  );
  expect(Item?.coupons).toEqual({ N: '10' });
});
