import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { objectKey } from '../../../local/event-source-mapping/destination.ts';
import { TestKinesis } from './support/engine.ts';
import { Mappings } from './support/mappings.ts';
import { TestQueues } from './support/queues.ts';
import { RecordingHost, texts } from './support/recording-host.ts';
import { ShiftedClock } from './support/shifted-clock.ts';

let kinesis: TestKinesis;
let queues: TestQueues;
const mappings = new Mappings();

beforeAll(async () => {
  [kinesis, queues] = await Promise.all([TestKinesis.start(), TestQueues.start()]);
});
afterEach(() => mappings.stopAll());
afterAll(() => Promise.all([kinesis.stop(), queues.stop()]));

const SHARD = 'shardId-000000000000';
const failAlways = () => {
  throw new Error('always');
};
const onFailure = (Destination: string) => ({ DestinationConfig: { OnFailure: { Destination } } });

/** What a destination is told of two records that failed in each of two invocations. */
const metadata = (arn: string, numbers: readonly string[]) => ({
  requestContext: {
    requestId: expect.any(String),
    functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:recorder',
    condition: 'RetryAttemptsExhausted',
    approximateInvokeCount: 2,
  },
  responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
  version: '1.0',
  timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
  KinesisBatchInfo: {
    shardId: SHARD,
    startSequenceNumber: numbers[0],
    endSequenceNumber: numbers[1],
    approximateArrivalOfFirstRecord: expect.stringMatching(/^\d{4}-.*Z$/),
    approximateArrivalOfLastRecord: expect.stringMatching(/^\d{4}-.*Z$/),
    batchSize: 2,
    streamArn: arn,
  },
});

describe('a batch that is given up', () => {
  test('goes to a bucket with its whole payload, under the documented name', async () => {
    const arn = await kinesis.createStream('to-bucket');
    const numbers = await kinesis.putAll('to-bucket', ['a', 'b']);
    const destination = await queues.createBucket('artifacts');
    const host = new RecordingHost(failAlways);
    const rules = { MaximumRetryAttempts: 1, ...onFailure(destination) };
    const mapping = mappings.start(kinesis, arn, host, rules, { clients: { s3: queues.s3 } });
    await mapping.drained();

    const [[key, text] = []] = Object.entries(await queues.objects('artifacts'));
    const name =
      /^aws\/lambda\/(.+)\/shardId-0{12}\/\d{4}\/\d\d\/\d\d\/\d{4}-\d\d-\d\dT\d\d\.\d\d\.\d\d-[0-9a-f-]{36}$/;
    expect(key).toMatch(name);
    expect(name.exec(key ?? '')?.[1]).toBe(mapping.id);
    const { payload, ...rest } = JSON.parse(text ?? '');
    expect(rest).toEqual(metadata(arn, numbers));
    expect(JSON.parse(payload)).toEqual(host.events[0]);
  });

  test('goes to a queue as metadata only', async () => {
    const arn = await kinesis.createStream('to-queue');
    const numbers = await kinesis.putAll('to-queue', ['a', 'b']);
    const destination = await queues.createQueue('failures');
    const rules = { MaximumRetryAttempts: 1, ...onFailure(destination) };
    const clients = { sqs: queues.sqs };
    await mappings.start(kinesis, arn, new RecordingHost(failAlways), rules, { clients }).drained();
    const [message] = await queues.receive('failures');
    expect(JSON.parse(message?.Body ?? '')).toEqual(metadata(arn, numbers));
  });

  test('leaves out of the destination what was processed before it', async () => {
    const arn = await kinesis.createStream('rest');
    await kinesis.putAll('rest', ['a', 'X', 'c']);
    const destination = await queues.createBucket('rest-only');
    const host = new RecordingHost((event) => {
      if (texts(event).includes('X')) throw new Error('poison');
    });
    const rules = { MaximumRetryAttempts: 0, BisectBatchOnFunctionError: true, ...onFailure(destination) };
    await mappings.start(kinesis, arn, host, rules, { clients: { s3: queues.s3 } }).drained();
    const bodies = Object.values(await queues.objects('rest-only')).map((text) => JSON.parse(text));
    expect(bodies.map(({ payload }) => texts(JSON.parse(payload)))).toEqual([['X']]);
  });
});

test('records above the maximum age are given up without an invocation, younger ones are delivered', async () => {
  const arn = await kinesis.createStream('aged');
  await kinesis.putAll('aged', ['old']);
  const destination = await queues.createBucket('aged');
  const clock = new ShiftedClock();
  clock.aheadMs = 62_000;
  const host = new RecordingHost();
  const rules = { MaximumRecordAgeInSeconds: 60, ...onFailure(destination) };
  await mappings.start(kinesis, arn, host, rules, { clock, clients: { s3: queues.s3 } }).drained();
  expect(host.events).toEqual([]);
  const [text = ''] = Object.values(await queues.objects('aged'));
  expect(JSON.parse(text)).toMatchObject({
    requestContext: { condition: 'RecordAgeExceeded', approximateInvokeCount: 0 },
    responseContext: { statusCode: 200 },
    KinesisBatchInfo: { batchSize: 1 },
  });
  await mappings.stopAll();
  const all = new RecordingHost();
  await mappings.start(kinesis, arn, all, {}, { clock }).drained();
  expect(all.batches).toEqual([['old']]);
});

test('a destination that fails is tried again, then given up, and the shard goes on', async () => {
  const arn = await kinesis.createStream('nowhere');
  await kinesis.putAll('nowhere', ['a', 'b']);
  const rules = { BatchSize: 1, MaximumRetryAttempts: 0, ...onFailure('arn:aws:s3:::no-such-bucket') };
  const host = new RecordingHost((event) => {
    if (texts(event).includes('a')) throw new Error('poison');
  });
  const others = { clients: { s3: queues.s3 }, emulation: { destinationAttempts: 3 } };
  await mappings.start(kinesis, arn, host, rules, others).drained();
  expect(mappings.of('destinationFailed')).toHaveLength(3);
  expect(host.batches).toEqual([['a'], ['b']]);
});

test('the object’s name is the documented one', () => {
  const at = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
  expect(objectKey('esm', SHARD, at, 'uuid')).toBe(
    `aws/lambda/esm/${SHARD}/2026/01/02/2026-01-02T03.04.05-uuid`,
  );
});
