import { CreateStreamCommand } from '@aws-sdk/client-kinesis';
import { CreateQueueCommand } from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, test } from 'vitest';
import { DynamoTable } from '../../../lambda/adapters/dynamo-table.ts';
import { kinesisConnector } from '../../../lambda/adapters/kinesis-connector.ts';
import { WatermarksTable } from '../../../lambda/adapters/watermarks-table.ts';
import { wireTicks } from '../../../lambda/functions/ticks/wiring.ts';
import { type InMemoryServices, inMemoryServices } from '../../contract/support/in-memory-services.ts';
import { createTable } from '../../support/dynamo-engine.ts';
import { MemoryTelemetry } from '../../support/fakes/memory-telemetry.ts';
import { shardId, sqsEvent, sqsRecord } from '../../support/records.ts';
import { noWaiting } from '../../support/sdk-clients.ts';

const streams = { lottery: 'lotteries', user: 'users', entries: 'entries' };
let backend: InMemoryServices;
let table: string;
let queueUrl: string;

beforeEach(async () => {
  backend = inMemoryServices();
  const { dynamodb, kinesis, sqs } = backend.clients;
  table = await createTable(dynamodb, { shardId: 'S' });
  for (const StreamName of Object.values(streams))
    await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'ticks' }));
  queueUrl = QueueUrl;
  backend.advance(60_000);
});

/** Both inputs are as far: by arrivals, and by the clicks' own time. */
async function reached(watermark: number, clock: number): Promise<void> {
  const { dynamodb } = backend.clients;
  const watermarks = new WatermarksTable(dynamodb, new DynamoTable(dynamodb, table));
  for (const input of ['user', 'lottery'] as const)
    await watermarks.advance({ input, shardId }, { watermark, position: String(watermark), clock });
}

/** @returns how many ticks had to wait: of one tick */
async function put(dueAt: number, tolerance: string): Promise<number | undefined> {
  const telemetry = new MemoryTelemetry();
  const { dynamodb, kinesis, sqs } = backend.clients;
  const retry = { ...noWaiting(), sleep: async (ms: number) => backend.advance(ms) };
  const ticks = wireTicks(
    {
      ...{ WATERMARKS_TABLE: table, TICKS_QUEUE_URL: queueUrl, CLOCK_TOLERANCE_SECONDS: tolerance },
      ...{ LOTTERY_EVENTS_INPUT_STREAM: streams.lottery, USER_EVENTS_INPUT_STREAM: streams.user },
      ENTRIES_STREAM: streams.entries,
    },
    { dynamo: dynamodb, kinesis, sqs, telemetry, now: backend.now, retry },
    kinesisConnector(kinesis, retry),
  );
  const tick = { lotteryId: '1', run: 1, windowStart: 0 };
  const done = await ticks(sqsEvent([sqsRecord('1', { at: 0, dueAt, tick })]));
  expect(done).toEqual({ batchItemFailures: [] });
  return telemetry.counts.ticksPutOff;
}

describe('an environment whose clock tolerance is switched', () => {
  test('off for a replay: what is complete by arrivals is not complete by clicks’ own time', async () => {
    const arrival = backend.now();
    await reached(arrival, 5_000);
    expect(await put(arrival, '3600')).toBe(0);
    expect(await put(6_000, 'off')).toBe(1);
    expect(await put(5_000, 'off')).toBe(0);
  });

  test('on after a replay: a heartbeat behind all time completes no window of now', async () => {
    await reached(5_000, 8e12);
    expect(await put(7e12, 'off')).toBe(0);
    expect(await put(backend.now(), '3600')).toBe(1);
    await reached(backend.now(), 8e12);
    expect(await put(backend.now() - 3_000, '3600')).toBe(0);
  });
});
