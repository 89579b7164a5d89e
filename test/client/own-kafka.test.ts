import { expect, it } from 'vitest';
import { problemOf } from '../../cli/command-options.ts';
import { isBrokers, kafkaContext, ownKafka, topicsOf } from '../../client/own-kafka.ts';

const settings = { shards: 3, lotteryShards: 'on-demand', retentionHours: 24 };
const retention = { retentionMs: 86_400_000, mostRetentionMs: 365 * 86_400_000 };

it('has a topic for each outer stream, with its capacity and its retention', () => {
  expect(topicsOf('dev', settings)).toEqual([
    { name: 'dev-lottery-input-topic', partitions: 4, ...retention },
    { name: 'dev-user-input-topic', partitions: 3, ...retention },
    { name: 'dev-lottery-output-topic', partitions: 4, ...retention },
    { name: 'dev-user-output-topic', partitions: 3, ...retention },
  ]);
  expect(topicsOf('dev', { ...settings, kafkaTopicPrefix: 'game.' })[1]?.name).toBe('game.user-input-topic');
});

it('tells functions and readers where the brokers are', () => {
  const { kafka } = ownKafka('dev', 'embedded', settings);
  expect(kafka.brokers).toBe('embedded');
  expect(kafka.variables('a:1')).toEqual({ KAFKA_BOOTSTRAP_SERVERS: 'a:1' });
  expect(kafka.outputs('a:1')).toEqual({ KafkaBootstrapServers: 'a:1' });
  expect(kafkaContext('dev', 'b:2')).toEqual({ 'dev:kafkaBootstrapServers': 'b:2' });
  expect(kafkaContext('dev', undefined)).toEqual({});
});

it.each([
  ['embedded', true],
  ['localhost:9092', true],
  ['a.example:1,b.example:2', true],
  ['localhost', false],
  ['http://localhost:9092', false],
  ['', false],
])('%s is brokers: %s', (text, is) => {
  expect(isBrokers(text)).toBe(is);
});

it('--kafka and the connector go together', () => {
  expect(problemOf('dev', {}, 'embedded')).toBe(
    '--kafka: dev has the connector kinesis: it goes with -c dev:connector=kafka',
  );
  const brokers = { 'dev:kafkaBootstrapServers': 'b-1.example:9096' };
  for (const given of [{}, brokers])
    expect(problemOf('dev', { 'dev:connector': 'kafka', ...given })).toBe(
      '-c dev:connector=kafka goes with --kafka embedded, or with --kafka HOST:PORT',
    );
  expect(problemOf('dev', { 'dev:connector': 'kafka' }, 'embedded')).toBeUndefined();
});
