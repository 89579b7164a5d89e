import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../../local/clock.ts';
import { sharedKafka } from '../../../support/kafka.ts';
import { KafkaMappings, KafkaRecorder, provisioned, reporting, textOf, textsIn } from './support.ts';

const kafka = await sharedKafka();
const mappings = new KafkaMappings();

afterEach(() => mappings.stopAll());
afterAll(() => kafka.close());

const texts = (count: number, from = 0) => Array.from({ length: count }, (_, index) => String(from + index));
const put = (topic: string, values: readonly string[], partition = 0) =>
  kafka.put(
    topic,
    values.map((value) => ({ value, partition })),
  );

describe.runIf(kafka.isThere)('batches', () => {
  test('have the fields that Lambda gives them, with the time at which the broker took the record', async () => {
    const topic = await kafka.createTopic();
    const before = Date.now();
    await kafka.put(topic, [
      { key: 'user-1', value: '{"a":1}', headers: { trace: 'x1' }, timestamp: 1_000 },
      { value: 'no key' },
    ]);
    const host = new KafkaRecorder();
    await mappings.start(kafka, topic, host).drained();
    const { records, ...rest } = host.events[0] ?? { records: {} };
    expect(rest).toEqual({ eventSource: 'SelfManagedKafka', bootstrapServers: kafka.bootstrapServers });
    const common = { topic, partition: 0, timestamp: expect.any(Number), timestampType: 'LOG_APPEND_TIME' };
    expect(records).toEqual({
      [`${topic}-0`]: [
        {
          ...{ ...common, offset: 0, key: Buffer.from('user-1').toString('base64') },
          value: Buffer.from('{"a":1}').toString('base64'),
          headers: [{ trace: [...Buffer.from('x1')] }],
        },
        { ...common, offset: 1, value: Buffer.from('no key').toString('base64'), headers: [] },
      ],
    });
    for (const { timestamp } of Object.values(records).flat()) {
      expect(timestamp).toBeGreaterThanOrEqual(before);
      expect(timestamp).toBeLessThanOrEqual(Date.now());
    }
  });

  test('say so where the time is that of the producer', async () => {
    const topic = await kafka.createTopic(1, { 'message.timestamp.type': 'CreateTime' });
    await put(topic, ['a']);
    const host = new KafkaRecorder();
    await mappings.start(kafka, topic, host).drained();
    expect(host.events[0]?.records[`${topic}-0`]).toMatchObject([{ timestampType: 'CREATE_TIME' }]);
  });

  test('mix partitions, each in order, and are no larger than BatchSize', async () => {
    const topic = await kafka.createTopic(3);
    for (const partition of [0, 1, 2]) await put(topic, texts(4, partition * 10), partition);
    const host = new KafkaRecorder();
    await mappings.start(kafka, topic, host, { BatchSize: 6 }).drained();
    expect(host.events.map((event) => textsIn(event).length)).toEqual([6, 6]);
    expect(Object.keys(host.events[0]?.records ?? {})).toHaveLength(2);
    const seen = host.events.flatMap(({ records }) => Object.entries(records));
    for (const partition of [0, 1, 2]) {
      const own = seen
        .filter(([group]) => group === `${topic}-${partition}`)
        .flatMap(([, records]) => records);
      expect(own.map(textOf)).toEqual(texts(4, partition * 10));
    }
  });

  test('stay within the limit of a payload', async () => {
    const topic = await kafka.createTopic();
    await put(topic, ['a'.repeat(3_000), 'b'.repeat(3_000), 'c'.repeat(3_000)]);
    const host = new KafkaRecorder();
    const emulation = { payloadLimitBytes: 4_096 + 9_000 };
    await mappings.start(kafka, topic, host, {}, { emulation }).drained();
    expect(host.batches.map((batch) => batch.length)).toEqual([2, 1]);
  });
});

describe.runIf(kafka.isThere)('on demand', () => {
  test('the whole batch comes again, whatever the response says of its records', async () => {
    const topic = await kafka.createTopic(2);
    await put(topic, ['a', 'b']);
    await put(topic, ['x'], 1);
    const host = new KafkaRecorder((event, count) => {
      if (count <= 2) throw new Error('not yet');
      return reporting(event, ['b']);
    });
    await mappings.start(kafka, topic, host).drained();
    expect(host.batches.map((batch) => batch.toSorted())).toEqual(Array(3).fill(['a', 'b', 'x']));
  });

  test('what belongs to provisioned mode is refused', async () => {
    const start = (properties: object) => () =>
      mappings.start(kafka, 'any', new KafkaRecorder(), { ...properties });
    expect(start({ BisectBatchOnFunctionError: true })).toThrow(
      'AWS::Lambda::EventSourceMapping of function recorder: BisectBatchOnFunctionError: goes with ProvisionedPollerConfig',
    );
    expect(start({ MaximumRetryAttempts: 3 })).toThrow('MaximumRetryAttempts: goes with');
    expect(start({ FunctionResponseTypes: ['ReportBatchItemFailures'] })).toThrow(
      'FunctionResponseTypes: goes with',
    );
    expect(start({ SourceAccessConfigurations: [{ Type: 'SASL_SCRAM_512_AUTH', URI: 'arn' }] })).toThrow(
      'SourceAccessConfigurations.0.Type: no broker on this machine asks for credentials',
    );
    expect(start({ TumblingWindowInSeconds: 10 })).toThrow('TumblingWindowInSeconds');
  });
});

describe.runIf(kafka.isThere)('provisioned mode', () => {
  const REPORT = { ...provisioned, FunctionResponseTypes: ['ReportBatchItemFailures'] };

  test('what is reported comes again with all behind it in its partition, and nothing of another', async () => {
    const topic = await kafka.createTopic(2);
    await put(topic, ['a', 'b', 'c']);
    await put(topic, ['x', 'y'], 1);
    const host = new KafkaRecorder((event, count) => (count === 1 ? reporting(event, ['c', 'b']) : null));
    await mappings.start(kafka, topic, host, REPORT).drained();
    expect(host.batches.map((batch) => batch.toSorted())).toEqual([
      ['a', 'b', 'c', 'x', 'y'],
      ['b', 'c'],
    ]);
  });

  test.each([
    ['an offset that was not sent', { partition: 'TOPIC-0', offset: 99 }],
    ['a partition that was not sent', { partition: 'TOPIC-7', offset: 0 }],
    ['text, as Kinesis has it', '0'],
    ['nothing', undefined],
  ])('%s fails the whole batch', async (_, itemIdentifier) => {
    const topic = await kafka.createTopic();
    await put(topic, ['a', 'b']);
    const named = JSON.parse(JSON.stringify({ itemIdentifier }).replace('TOPIC', topic));
    const host = new KafkaRecorder((_event, count) => (count === 1 ? { batchItemFailures: [named] } : null));
    await mappings.start(kafka, topic, host, REPORT).drained();
    expect(host.batches).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ]);
    expect(mappings.of('failed')).toHaveLength(1);
  });

  test('halves a failed batch until the bad record is alone, and gives that up after its retries', async () => {
    const topic = await kafka.createTopic();
    await put(topic, ['1', '2', 'X', '4']);
    const host = new KafkaRecorder((event) => {
      if (textsIn(event).includes('X')) throw new Error('poison');
    });
    const rules = { ...provisioned, BisectBatchOnFunctionError: true, MaximumRetryAttempts: 1 };
    await mappings.start(kafka, topic, host, rules).drained();
    expect(host.batches).toEqual([['1', '2', 'X', '4'], ['1', '2'], ['X', '4'], ['X'], ['X'], ['4']]);
    expect(mappings.of('discarded')).toMatchObject([{ records: 1, condition: 'RetryAttemptsExhausted' }]);
  });

  test('records above MaximumRecordAgeInSeconds are not delivered', async () => {
    const topic = await kafka.createTopic();
    await put(topic, ['old']);
    const clock = { ...systemClock, now: () => Date.now() + 61_000 };
    const rules = { ...provisioned, MaximumRecordAgeInSeconds: 60 };
    const host = new KafkaRecorder();
    await mappings.start(kafka, topic, host, rules, { clock }).drained();
    expect(host.batches).toEqual([]);
    expect(mappings.of('discarded')).toMatchObject([{ records: 1, condition: 'RecordAgeExceeded' }]);
  });
});
