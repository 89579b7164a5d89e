import { afterAll, describe, expect, test } from 'vitest';
import { toPendingRecord } from '../../../local/event-source-mapping/kafka/record.ts';
import { ensureTopics, problemsOf, type TopicState, withAdmin } from '../../../local/kafka/topics.ts';
import { sharedKafka } from '../../support/kafka.ts';

const kafka = await sharedKafka();
afterAll(() => kafka.close());

const DAY_MS = 86_400_000;
const topic = { name: 'clicks', partitions: 2, retentionMs: DAY_MS, mostRetentionMs: 2 * DAY_MS };
const good: TopicState = {
  name: 'clicks',
  partitions: 2,
  replicas: 3,
  configuration: {
    'message.timestamp.type': 'LogAppendTime',
    'cleanup.policy': 'delete',
    'compression.type': 'uncompressed',
    'max.message.bytes': '1000000',
    'retention.ms': String(DAY_MS),
    'min.insync.replicas': '2',
  },
};
const configured = (name: string, value: string) => ({
  configuration: { ...good.configuration, [name]: value },
});

test.each<[string, Partial<TopicState>, string[]]>([
  ['one that is as it has to be', {}, []],
  ['one with more partitions', { partitions: 5 }, []],
  ['too few partitions', { partitions: 1 }, ['topic clicks: its partitions are 1 and must be at least 2']],
  [
    'times of the producers',
    configured('message.timestamp.type', 'CreateTime'),
    ['topic clicks: message.timestamp.type is CreateTime and must be LogAppendTime'],
  ],
  [
    'compaction',
    configured('cleanup.policy', 'compact,delete'),
    ['topic clicks: cleanup.policy is compact,delete and must be delete'],
  ],
  [
    'a shorter retention',
    configured('retention.ms', String(DAY_MS - 1)),
    [
      'topic clicks: retention.ms is 86399999 and must be from 86400000, as long as its environment keeps records, to 172800000',
    ],
  ],
  ['the longest retention', configured('retention.ms', String(2 * DAY_MS)), []],
  [
    'one that is longer than cursors are kept',
    configured('retention.ms', String(2 * DAY_MS + 1)),
    [
      'topic clicks: retention.ms is 172800001 and must be from 86400000, as long as its environment keeps records, to 172800000',
    ],
  ],
  [
    'what producers compress',
    configured('compression.type', 'producer'),
    ['topic clicks: compression.type is producer and must be uncompressed'],
  ],
  [
    'records that are larger than a payload',
    configured('max.message.bytes', '1000001'),
    ['topic clicks: max.message.bytes is 1000001 and must be at most 1000000'],
  ],
  [
    'a retention by size',
    configured('retention.bytes', '1000000'),
    ['topic clicks: retention.bytes is 1000000 and must be -1'],
  ],
  [
    'retention for ever',
    configured('retention.ms', '-1'),
    [
      'topic clicks: retention.ms is -1 and must be from 86400000, as long as its environment keeps records, to 172800000',
    ],
  ],
  [
    'one copy that is enough',
    configured('min.insync.replicas', '1'),
    ['topic clicks: min.insync.replicas is 1 and must be at least 2, as it has 3 replicas'],
  ],
  ['one copy that is all there is', { ...configured('min.insync.replicas', '1'), replicas: 1 }, []],
])('of %s', (_, differing, problems) => {
  expect(problemsOf(topic, { ...good, ...differing })).toEqual(problems);
});

test('where no broker is, is said in a line', async () => {
  await expect(ensureTopics('127.0.0.1:1', [topic])).rejects.toThrow(
    'No Apache Kafka answers at 127.0.0.1:1',
  );
});

describe.runIf(kafka.isThere)('on a broker', () => {
  test('those that are missing are made, and pass when they are there', async () => {
    const made = { ...topic, name: `made-${Date.now()}`, partitions: 3 };
    await ensureTopics(kafka.bootstrapServers, [made]);
    await ensureTopics(kafka.bootstrapServers, [made]);
    const names = await withAdmin(kafka.bootstrapServers, (admin) => admin.listTopics());
    expect(names).toContain(made.name);
    const longer = { ...made, retentionMs: DAY_MS + 1 };
    await expect(ensureTopics(kafka.bootstrapServers, [longer])).rejects.toThrow(
      `topic ${made.name}: retention.ms is 86400000 and must be from 86400001`,
    );
  });

  test('those that are made take no record that is more than a payload, however small producers make it', async () => {
    const made = { ...topic, name: `small-${Date.now()}` };
    await ensureTopics(kafka.bootstrapServers, [made]);
    const { name } = made;
    await expect(kafka.put(name, [{ value: ' '.repeat(8_000_000) }], 'gzip')).rejects.toThrow();
    const longest = '\u0001'.repeat(999_800);
    await kafka.put(name, [{ value: '', headers: { [longest]: '' } }], 'gzip');
    const read = {
      topic: name,
      partition: 0,
      offset: 0n,
      timestamp: 0,
      timestampType: 'CREATE_TIME',
    } as const;
    const record = { ...read, key: null, value: null, headers: [[Buffer.from(longest), null]] as const };
    expect(toPendingRecord(record, 0).bytes).toBeLessThan(6 * 1024 * 1024 - 1_000);
  });

  test('those that are otherwise are refused by name', async () => {
    const name = await kafka.createTopic(1, {
      'message.timestamp.type': 'CreateTime',
      'retention.ms': String(DAY_MS),
    });
    await expect(ensureTopics(kafka.bootstrapServers, [{ ...topic, name }])).rejects.toThrow(
      `topic ${name}: its partitions are 1 and must be at least 2\n` +
        `topic ${name}: message.timestamp.type is CreateTime and must be LogAppendTime`,
    );
  });
});
