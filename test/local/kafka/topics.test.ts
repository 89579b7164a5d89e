import { afterAll, describe, expect, test } from 'vitest';
import { ensureTopics, problemsOf, type TopicState, withAdmin } from '../../../local/kafka/topics.ts';
import { sharedKafka } from '../../support/kafka.ts';

const kafka = await sharedKafka();
afterAll(() => kafka.close());

const DAY_MS = 86_400_000;
const topic = { name: 'clicks', partitions: 2, retentionMs: DAY_MS };
const good: TopicState = {
  name: 'clicks',
  partitions: 2,
  replicas: 3,
  configuration: {
    'message.timestamp.type': 'LogAppendTime',
    'cleanup.policy': 'delete',
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
    'a longer retention',
    configured('retention.ms', String(DAY_MS + 1)),
    [
      'topic clicks: retention.ms is 86400001 and must be from 0 to 86400000, as long as its environment keeps records',
    ],
  ],
  [
    'retention for ever',
    configured('retention.ms', '-1'),
    [
      'topic clicks: retention.ms is -1 and must be from 0 to 86400000, as long as its environment keeps records',
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
    const made = { name: `made-${Date.now()}`, partitions: 3, retentionMs: DAY_MS };
    await ensureTopics(kafka.bootstrapServers, [made]);
    await ensureTopics(kafka.bootstrapServers, [made]);
    const names = await withAdmin(kafka.bootstrapServers, (admin) => admin.listTopics());
    expect(names).toContain(made.name);
    await expect(ensureTopics(kafka.bootstrapServers, [{ ...made, retentionMs: 1 }])).rejects.toThrow(
      `topic ${made.name}: retention.ms is 86400000 and must be from 0 to 1`,
    );
  });

  test('those that are otherwise are refused by name', async () => {
    const name = await kafka.createTopic(1, {
      'message.timestamp.type': 'CreateTime',
      'retention.ms': '1000',
    });
    await expect(ensureTopics(kafka.bootstrapServers, [{ ...topic, name }])).rejects.toThrow(
      `topic ${name}: its partitions are 1 and must be at least 2\n` +
        `topic ${name}: message.timestamp.type is CreateTime and must be LogAppendTime`,
    );
  });
});
