import { describe, expect, test } from 'vitest';
import type { KafkaRecord } from '../../../lambda/batch/kafka-source.ts';
import { kafkaSource } from '../../../lambda/batch/kafka-source.ts';
import { decodeUserRecord } from '../../../lambda/core/decode.ts';
import { recordIdOf } from '../../../lambda/core/ids.ts';

const base64 = (text: string | Buffer) => Buffer.from(text).toString('base64');

function record(offset: number, given: Partial<KafkaRecord> = {}): KafkaRecord {
  return {
    ...{ topic: 'dev-user-input-topic', partition: 0, offset, timestamp: 1_000 + offset },
    ...{ timestampType: 'LOG_APPEND_TIME', key: base64('7'), value: base64('{"a":1}'), ...given },
  };
}

const source = kafkaSource({ reportsFailures: true });
const recordsOf = (...records: KafkaRecord[]) => source.records({ records: { it: records } });
const keyOf = (key: string | Buffer | null | undefined) =>
  recordsOf(record(0, { key: key == null ? key : base64(key) }))[0]?.partitionKey;

describe('a record of a topic', () => {
  test('is of the shard that its partition is; its offset is its sequence number, its append its arrival', () => {
    const [first] = recordsOf(record(12, { partition: 3 }));
    expect(first).toMatchObject({
      source: { shardId: 'dev-user-input-topic-3', sequenceNumber: '12' },
      ...{ stream: 'dev-user-input-topic', partitionKey: '7', arrival: 1_012, ascii: '{"a":1}' },
    });
    expect(first?.data.toString()).toBe('{"a":1}');
    expect(first && recordIdOf(first.source)).toBe('dev-user-input-topic-3:12');
  });

  test('of several partitions come in their order, whatever else Lambda and producers say of them', () => {
    const event = {
      ...{ eventSource: 'aws:kafka', eventSourceArn: 'arn', bootstrapServers: 'b-1:9092' },
      records: {
        'dev-user-input-topic-1': [record(5, { partition: 1 }), record(6, { partition: 1 })],
        'dev-user-input-topic-0': [{ ...record(1), headers: [{ userId: [56] }] }],
        'dev-user-input-topic-2': [],
      },
    };
    expect(source.records(event).map(({ source: position }) => recordIdOf(position))).toEqual([
      'dev-user-input-topic-1:5',
      'dev-user-input-topic-1:6',
      'dev-user-input-topic-0:1',
    ]);
  });

  test.each(['CREATE_TIME', 'NO_TIMESTAMP_TYPE'])('with the time type %s is refused by its topic', (type) => {
    expect(() => recordsOf(record(1), record(2, { timestampType: type }))).toThrow(
      `Topic dev-user-input-topic must have message.timestamp.type=LogAppendTime: the time of dev-user-input-topic-0:2 is of type ${type}`,
    );
  });

  test.each([null, undefined])('with the value %s is no JSON', (value) => {
    const [empty] = recordsOf(record(1, { value }));
    expect(empty && decodeUserRecord(empty)).toMatchObject({
      rejection: { reason: 'INVALID_JSON', message: 'Event is not valid JSON' },
    });
  });

  test('without a key, or with one that is no text, has the empty one: nobody’s id', () => {
    expect([null, undefined, Buffer.from([0xff]), ''].map(keyOf)).toEqual(['', '', '', '']);
  });

  test('keeps a key as it was sent, up to where it can be no id any more', () => {
    expect(['é\u{fffd}', '7'].map(keyOf)).toEqual(['é\u{fffd}', '7']);
    expect(keyOf('x'.repeat(1_000_000))).toBe('x'.repeat(256));
    expect(keyOf(`é${'😀'.repeat(1_000)}`)).toBe(`é${'😀'.repeat(127)}\u{fffd}`);
  });

  test('has its bytes, where they are no ASCII', () => {
    const bytes = Buffer.from([0x7b, 0xff, 0x00]);
    const [odd] = recordsOf(record(1, { value: base64(bytes) }));
    expect([odd?.ascii, odd?.data]).toEqual([undefined, bytes]);
  });
});

describe('what failed', () => {
  const failed = [
    { shardId: 'topic-0', sequenceNumber: '12' },
    { shardId: 'topic-11', sequenceNumber: '9' },
  ];

  test('is told by partition and offset, where the mapping takes that', () => {
    expect(source.response(failed)).toEqual({
      batchItemFailures: [
        { itemIdentifier: { partition: 'topic-0', offset: 12 } },
        { itemIdentifier: { partition: 'topic-11', offset: 9 } },
      ],
    });
  });

  test('else fails the whole invocation, which says where', () => {
    const whole = kafkaSource({ reportsFailures: false });
    expect(() => whole.response(failed)).toThrow(
      'The whole batch has to come again: records failed from topic-0:12, topic-11:9 on',
    );
  });

  test.each([true, false])('is nothing after a success (reports failures: %s)', (reportsFailures) => {
    expect(kafkaSource({ reportsFailures }).response([])).toEqual({ batchItemFailures: [] });
  });
});
