import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { sharedKafka } from '../../../support/kafka.ts';
import { TestQueues } from '../support/queues.ts';
import { KafkaMappings, KafkaRecorder, provisioned, recordsIn } from './support.ts';

const kafka = await sharedKafka();
const mappings = new KafkaMappings();
let queues: TestQueues;

beforeAll(async () => {
  queues = await TestQueues.start();
});
afterEach(() => mappings.stopAll());
afterAll(() => Promise.all([queues.stop(), kafka.close()]));

const failAlways = () => {
  throw new Error('always');
};
const time = expect.stringMatching(/^\d{4}-.*Z$/);

/** What a destination is told of a batch of two partitions. */
const metadata = (topic: string, invocations: number, payloadSize: unknown) => ({
  requestContext: {
    requestId: expect.any(String),
    functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:recorder',
    condition: 'RetryAttemptsExhausted',
    approximateInvokeCount: invocations,
  },
  responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
  version: '1.0',
  timestamp: time,
  KafkaBatchInfo: {
    batchSize: 3,
    bootstrapServers: kafka.bootstrapServers,
    payloadSize,
    recordsInfo: Object.fromEntries(
      [
        [0, '1'],
        [1, '0'],
      ].map(([partition, lastRecordOffset]) => [
        `${topic}-${partition}`,
        {
          ...{ firstRecordOffset: '0', lastRecordOffset },
          ...{ firstRecordTimestamp: time, lastRecordTimestamp: time },
        },
      ]),
    ),
  },
});

async function topicOfTwo(): Promise<string> {
  const topic = await kafka.createTopic(2);
  await kafka.put(topic, [{ value: 'a' }, { value: 'b' }, { value: 'x', partition: 1 }]);
  return topic;
}

describe.runIf(kafka.isThere)('a batch that is given up', () => {
  test('goes to a bucket with its whole payload; what comes after it is processed', async () => {
    const topic = await topicOfTwo();
    const Destination = await queues.createBucket('kafka-artifacts');
    const host = new KafkaRecorder((event) => {
      if (recordsIn(event).some(({ offset, partition }) => offset === 0 && partition === 0)) failAlways();
    });
    const rules = {
      ...provisioned,
      MaximumRetryAttempts: 1,
      DestinationConfig: { OnFailure: { Destination } },
    };
    const mapping = mappings.start(kafka, topic, host, rules, { clients: { s3: queues.s3 } });
    await mapping.drained();
    await kafka.put(topic, [{ value: 'c' }]);
    await mapping.drained();
    expect(host.batches.at(-1)).toEqual(['c']);
    const [[key, text] = []] = Object.entries(await queues.objects('kafka-artifacts'));
    expect(key).toMatch(
      new RegExp(`^aws/lambda/${mapping.id}/${topic}-[01]/\\d{4}/\\d\\d/\\d\\d/[\\d.T-]{19}-[0-9a-f-]{36}$`),
    );
    const { payload, ...rest } = JSON.parse(text ?? '');
    expect(rest).toEqual(metadata(topic, 2, Buffer.byteLength(payload)));
    expect(JSON.parse(payload)).toEqual(host.events[0]);
  });

  test('without a limit of retries comes ten times more, and then goes there', async () => {
    const topic = await topicOfTwo();
    const Destination = await queues.createQueue('kafka-failures');
    const host = new KafkaRecorder(failAlways);
    const rules = { DestinationConfig: { OnFailure: { Destination } } };
    await mappings.start(kafka, topic, host, rules, { clients: { sqs: queues.sqs } }).drained();
    expect(host.events).toHaveLength(11);
    const [message] = await queues.receive('kafka-failures');
    expect(JSON.parse(message?.Body ?? '')).toEqual(metadata(topic, 11, expect.any(Number)));
  });

  test('without a destination comes for ever', async () => {
    const topic = await topicOfTwo();
    const host = new KafkaRecorder((_, count) => {
      if (count <= 15) failAlways();
    });
    await mappings.start(kafka, topic, host).drained();
    expect(host.events).toHaveLength(16);
  });

  test('is larger than Lambda takes: nobody is invoked with it', async () => {
    const topic = await kafka.createTopic();
    await kafka.put(topic, [{ value: 'a'.repeat(9_000) }, { value: 'b' }]);
    const host = new KafkaRecorder();
    const emulation = { payloadLimitBytes: 4_096 + 5_000 };
    await mappings.start(kafka, topic, host, {}, { emulation }).drained();
    expect(host.batches).toEqual([['b']]);
    expect(mappings.of('discarded')).toMatchObject([{ records: 1, condition: 'MaximumPayloadSizeExceeded' }]);
  });
});
