import { describe, expect, test } from 'vitest';
import type { KafkaClient, TopicRecord } from '../../../../lambda/adapters/kafka/kafka-client.ts';
import { kafkaConnector } from '../../../../lambda/adapters/kafka/kafka-connector.ts';
import { kafkaSource } from '../../../../lambda/batch/kafka-source.ts';
import { noWaiting } from '../../../support/sdk-clients.ts';

interface Call {
  readonly topic: string;
  readonly records: readonly TopicRecord[];
}

/** Brokers that take what they are told to; they note the calls. */
function brokersThat(takes: (call: number) => boolean) {
  const calls: Call[] = [];
  const client: KafkaClient = {
    async produce(topic, records) {
      calls.push({ topic, records });
      if (!takes(calls.length)) throw new Error(`leader lost at call ${calls.length}`);
    },
    partitions: async (topic) => ({ users: [0, 1], lotteries: [0] })[topic] ?? [],
  };
  const retry = noWaiting();
  const source = kafkaSource({ reportsFailures: true });
  return { calls, retry, connector: kafkaConnector(client, { source, retry }) };
}

const records = (count: number, padding = '') =>
  Array.from({ length: count }, (_, n) => ({ partitionKey: `é${n}`, value: { n, padding } }));
const numbersOf = ({ records: sent }: Call): number[] =>
  sent.map(({ value }) => JSON.parse(value.toString('utf8')).n);

describe('what is put on a topic', () => {
  test('is JSON under its key, on the partition that the key says', async () => {
    const { calls, connector } = brokersThat(() => true);
    await connector.publisher('out').publish([{ partitionKey: 'a', value: { type: 'é' } }]);
    expect(calls).toEqual([{ topic: 'out', records: [{ key: 'a', value: Buffer.from('{"type":"é"}') }] }]);
  });

  test('is less at a time than a broker takes for one partition', async () => {
    const { calls, connector } = brokersThat(() => true);
    await connector.publisher('out').publish([...records(9, 'é'.repeat(150_000)), ...records(5_000)]);
    const sizes = calls.map(({ records: sent }) =>
      sent.reduce((sum, { key, value }) => sum + Buffer.byteLength(key) + value.length + 70, 0),
    );
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1_000_000);
    expect(calls.flatMap(numbersOf)).toHaveLength(5_009);
    expect(calls.length).toBeLessThan(9);
  });

  test('is put again where it failed, and nothing else', async () => {
    const { calls, connector, retry } = brokersThat((call) => call !== 2);
    await connector.publisher('out').publish(records(3, 'x'.repeat(800_000)));
    expect(calls.map(numbersOf)).toEqual([[0], [1], [1], [2]]);
    expect(retry.pauses).toHaveLength(1);
  });

  test('fails with the topic, how much it was and why, when nothing gets through any more', async () => {
    const { calls, connector } = brokersThat(() => false);
    await expect(connector.publisher('out').publish(records(3))).rejects.toThrow(
      '3 records could not be put on out: nothing got through in 4 attempts, leader lost at call 4',
    );
    expect(calls).toHaveLength(4);
  });

  test('is nothing, where there is nothing', async () => {
    const { calls, connector } = brokersThat(() => false);
    await connector.publisher('out').publish([]);
    expect(calls).toEqual([]);
  });
});

describe('the input topics', () => {
  const users = [
    { input: 'user', shardId: 'users-0', target: '0' },
    { input: 'user', shardId: 'users-1', target: '1' },
  ] as const;

  test('have their partitions as shards, those of the topics that are asked for', async () => {
    const { connector } = brokersThat(() => true);
    const lottery = { input: 'lottery', shardId: 'lotteries-0', target: '0' };
    expect(await connector.inputs({ lottery: 'lotteries', user: 'users' }).open()).toEqual([
      lottery,
      ...users,
    ]);
    expect(await connector.inputs({ user: 'users' }).open()).toEqual(users);
    expect(await connector.inputs({ user: 'users' }).ancestors(users[1])).toEqual([]);
  });

  test('of which brokers name no partition are refused: no window would wait for them', async () => {
    const { connector } = brokersThat(() => true);
    await expect(connector.inputs({ lottery: 'lotteries', user: 'new' }).open()).rejects.toThrow(
      'Brokers name no partition of topic new',
    );
  });

  test('get a heartbeat on each partition that it is for, and on no other', async () => {
    const { calls, connector } = brokersThat(() => true);
    await connector.inputs({ lottery: 'lotteries', user: 'users' }).send([users[1]], { type: 'Heartbeat' });
    const value = Buffer.from('{"type":"Heartbeat"}');
    expect(calls).toEqual([{ topic: 'users', records: [{ key: 'heartbeat', value, partition: 1 }] }]);
  });

  test('that take none are tried once, and told: who waits for the window would wait for them too', async () => {
    const { calls, connector, retry } = brokersThat(() => false);
    await expect(connector.inputs({ user: 'users' }).send(users, { type: 'Heartbeat' })).rejects.toThrow(
      'leader lost at call 1',
    );
    expect([calls.length, retry.pauses]).toEqual([1, []]);
  });
});
