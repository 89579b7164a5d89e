import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { TestKinesis, until } from './support/engine.ts';
import { Mappings } from './support/mappings.ts';
import { RecordingHost } from './support/recording-host.ts';

let kinesis: TestKinesis;
const mappings = new Mappings();

beforeAll(async () => {
  kinesis = await TestKinesis.start();
});
afterEach(() => mappings.stopAll());
afterAll(() => kinesis.stop());

test('a record looks as Lambda sends it', async () => {
  const arn = await kinesis.createStream('shape');
  const before = Date.now();
  const sequenceNumber = await kinesis.put('shape', 'héllo', 'ключ');
  const host = new RecordingHost();
  await mappings.start(kinesis, arn, host, {}, { roleArn: 'arn:aws:iam::000000000000:role/r' }).drained();

  expect(host.events).toEqual([
    {
      Records: [
        {
          kinesis: {
            kinesisSchemaVersion: '1.0',
            partitionKey: 'ключ',
            sequenceNumber,
            data: Buffer.from('héllo').toString('base64'),
            approximateArrivalTimestamp: expect.any(Number),
          },
          eventSource: 'aws:kinesis',
          eventVersion: '1.0',
          eventID: `shardId-000000000000:${sequenceNumber}`,
          eventName: 'aws:kinesis:record',
          invokeIdentityArn: 'arn:aws:iam::000000000000:role/r',
          awsRegion: 'us-east-1',
          eventSourceARN: arn,
        },
      ],
    },
  ]);
  const arrival = host.events[0]?.Records[0]?.kinesis.approximateArrivalTimestamp;
  // In seconds: kinesalite stamps a new shard's records up to a second ahead.
  expect(arrival).toBeGreaterThan(before / 1000 - 1);
  expect(arrival).toBeLessThan(Date.now() / 1000 + 2);
});

describe('batch size and payload', () => {
  test('a batch holds at most BatchSize records, in order', async () => {
    const arn = await kinesis.createStream('size');
    await kinesis.putAll('size', ['a1', 'b2', 'c3', 'd4', 'e5']);
    const host = new RecordingHost();
    await mappings.start(kinesis, arn, host, { BatchSize: 2 }).drained();
    expect(host.batches).toEqual([['a1', 'b2'], ['c3', 'd4'], ['e5']]);
  });

  test('a payload stays below 6 MB, base64 counted', async () => {
    const arn = await kinesis.createStream('payload');
    const large = 'x'.repeat(900_000);
    for (let i = 0; i < 8; i += 1) await kinesis.put('payload', large);
    const host = new RecordingHost();
    await mappings.start(kinesis, arn, host, { BatchSize: 100 }).drained();
    // 8 records of 1.2 MB in base64: five fit, six do not.
    expect(host.events.map(({ Records }) => Records.length)).toEqual([5, 3]);
    expect(Math.max(...host.sizes)).toBeLessThanOrEqual(6_291_456);
  });
});

test('records that come within the batching window share an invocation', async () => {
  const arn = await kinesis.createStream('gather');
  const host = new RecordingHost();
  const mapping = mappings.start(kinesis, arn, host, { BatchSize: 3, MaximumBatchingWindowInSeconds: 300 });
  await kinesis.put('gather', '1');
  await until('the first is read', () => mapping.status().unfinished === 1);
  await kinesis.put('gather', '2');
  await until('the second is read', () => mapping.status().unfinished === 2);
  expect(host.events).toEqual([]);
  expect(mapping.status().caughtUp).toBe(false);
  await kinesis.put('gather', '3');
  await mapping.drained();
  expect(host.batches).toEqual([['1', '2', '3']]);
});

describe('starting position', () => {
  test('TRIM_HORIZON starts with the oldest record', async () => {
    const arn = await kinesis.createStream('oldest');
    await kinesis.put('oldest', 'before');
    const host = new RecordingHost();
    await mappings.start(kinesis, arn, host).drained();
    expect(host.batches).toEqual([['before']]);
  });

  test('LATEST starts with what comes after, even when it was disabled in between', async () => {
    const arn = await kinesis.createStream('latest');
    await kinesis.put('latest', 'before');
    // A new stream's first record is stamped up to a second ahead: start after that stamp.
    const arrived = new RecordingHost();
    await mappings.start(kinesis, arn, arrived, {}, { functionName: 'other' }).drained();
    const stamp = (arrived.events[0]?.Records[0]?.kinesis.approximateArrivalTimestamp ?? 0) * 1000;
    await until('the stamp has passed', () => Date.now() > stamp);

    const host = new RecordingHost();
    const mapping = mappings.start(kinesis, arn, host, { StartingPosition: 'LATEST' });
    await mapping.drained();
    await mapping.disable();
    await kinesis.put('latest', 'after');
    mapping.enable();
    await mapping.drained();
    expect(host.batches).toEqual([['after']]);
  });

  test('AT_TIMESTAMP starts with the first record of that time', async () => {
    const arn = await kinesis.createStream('timestamp');
    await kinesis.put('timestamp', 'before');
    const all = new RecordingHost();
    const observer = mappings.start(kinesis, arn, all, {}, { functionName: 'other' });
    await observer.drained();
    const arrival = (host: RecordingHost, at: number) =>
      host.events[at]?.Records[0]?.kinesis.approximateArrivalTimestamp ?? 0;
    await until('another stamp', () => Date.now() > arrival(all, 0) * 1000);
    await kinesis.put('timestamp', 'after');
    await observer.drained();

    const host = new RecordingHost();
    const position = {
      StartingPosition: 'AT_TIMESTAMP',
      StartingPositionTimestamp: arrival(all, 1),
    } as const;
    await mappings.start(kinesis, arn, host, position).drained();
    expect(host.batches).toEqual([['after']]);
  });
});
