import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { exitCodeOf, exitCodes, textOf } from '../../../cli/exit-codes.ts';
import { KafkaStreams } from '../../../client/streams/kafka-streams.ts';
import type { OuterReader } from '../../../client/streams/outer-streams.ts';
import { systemClock } from '../../../local/clock.ts';
import type { StreamRecord } from '../../../local/stream-reader.ts';
import { sharedKafka } from '../../support/kafka.ts';

const kafka = await sharedKafka();
const opened: KafkaStreams[] = [];
let streams: KafkaStreams;

beforeEach(() => {
  if (!kafka.isThere) return;
  streams = new KafkaStreams({ bootstrapServers: [kafka.bootstrapServers], auth: { kind: 'none' } });
  opened.push(streams);
});

afterAll(async () => {
  await Promise.all(opened.map((each) => each.close()));
  await kafka.close();
});

const records = (...keys: readonly string[]) =>
  keys.map((partitionKey) => ({ partitionKey, data: Buffer.from(`of ${partitionKey}`) }));
const idOf = ({ shardId, sequenceNumber }: StreamRecord) => `${shardId}:${sequenceNumber}`;
const ids = (count: number) => Array.from({ length: count }, (_, n) => `${n}`);

/** Polls until it has so many records. */
async function read(reader: OuterReader, count: number): Promise<StreamRecord[]> {
  const found: StreamRecord[] = [];
  while (found.length < count) found.push(...(await reader.poll()));
  return found;
}

test('is said in a line, and soon, where no broker ever answered', async () => {
  const nowhere = new KafkaStreams({ bootstrapServers: ['127.0.0.1:1'], auth: { kind: 'none' } });
  opened.push(nowhere);
  const tail = nowhere.tail({ stream: 'topic', shardId: 'topic-0', after: undefined });
  const calls = [() => nowhere.reader('topic', systemClock).begin(), () => tail.next()];
  for (const call of calls) {
    const error = await call().catch((thrown: unknown) => thrown);
    expect(textOf(error)).toMatch(/^Kafka: .*ECONNREFUSED 127\.0\.0\.1:1/);
    expect(exitCodeOf(error)).toBe(exitCodes.unreachable);
  }
});

describe.runIf(kafka.isThere)('an outer stream on Kafka', () => {
  test('is read as it was put, in order in each partition, by the ids that putting gave', async () => {
    const topic = await kafka.createTopic(3);
    const from = Date.now();
    const put = await streams.put(topic, records(...ids(40), ...ids(40)));
    const reader = streams.reader(topic, systemClock);
    const found = await read(reader, 80);
    expect(found.map(idOf).sort()).toEqual([...put].sort());
    expect(new Set(found.map(({ shardId }) => shardId)).size).toBe(3);
    const byId = new Map(found.map((record) => [idOf(record), record]));
    expect(put.map((id) => byId.get(id)?.partitionKey)).toEqual([...ids(40), ...ids(40)]);
    for (const { stream, partitionKey, data, arrival } of found) {
      expect([stream, Buffer.from(data).toString()]).toEqual([topic, `of ${partitionKey}`]);
      expect(arrival).toBeGreaterThanOrEqual(from);
    }
    await read(reader, 0);
    await expect.poll(() => reader.poll().then(() => reader.hasReadUpTo(from))).toBe(true);
  });

  test('has taken what was put, in all its partitions', async () => {
    const topic = await kafka.createTopic(2);
    expect(await streams.taken(topic)).toBe(0);
    await streams.put(topic, records(...ids(7)));
    expect(await streams.taken(topic)).toBe(7);
  });

  test('is read from now on, from a time on, and with the partitions that are added', async () => {
    const topic = await kafka.createTopic(1);
    await streams.put(topic, records('old'));
    const latest = streams.reader(topic, systemClock, { from: 'latest' });
    await latest.begin();
    const at = (await read(streams.reader(topic, systemClock), 1))[0]?.arrival ?? 0;
    const since = streams.reader(topic, systemClock, { from: at + 1 });
    await since.begin();
    await kafka.addPartitions(topic, 2);
    await kafka.put(topic, [
      { key: 'a', value: '', partition: 0 },
      { key: 'b', value: '', partition: 1 },
    ]);
    for (const reader of [latest, since]) {
      const keys = (await read(reader, 2)).map(({ partitionKey }) => partitionKey);
      expect(keys.toSorted()).toEqual(['a', 'b']);
    }
  });

  test('is looked at behind a place, up to what is there now', async () => {
    const topic = await kafka.createTopic(1);
    const put = await streams.put(topic, records('1', '2', '3'));
    const shardId = `${topic}-0`;
    expect(await streams.shards(topic)).toEqual([{ shardId, parents: [] }]);
    for (const [after, from] of [
      [undefined, 0],
      ['0', 1],
      ['2', 3],
    ] as const) {
      const tail: string[] = [];
      for await (const record of streams.tail({ stream: topic, shardId, after })) tail.push(idOf(record));
      expect(tail).toEqual(put.slice(from));
    }
  });

  test('takes more at once than a broker in one batch, and a hash key as its part of the partitions', async () => {
    const topic = await kafka.createTopic(4);
    const data = Buffer.alloc(400_000);
    const put = await streams.put(
      topic,
      ids(5).map((partitionKey) => ({ partitionKey, data })),
    );
    expect(new Set(put).size).toBe(5);
    const hashed = [0n, 2n ** 126n, 2n ** 128n - 1n].map((key) => ({
      ...{ partitionKey: 'x', data: Buffer.from('x'), explicitHashKey: String(key) },
    }));
    const partitions = (await streams.put(topic, hashed)).map(
      (id) => id.slice(topic.length + 1).split(':')[0],
    );
    expect(partitions).toEqual(['0', '1', '3']);
  });

  test('says how long its records are kept, and each setting that is not as it has to be', async () => {
    const sizes = { 'compression.type': 'uncompressed', 'max.message.bytes': '1000000' };
    const right = await kafka.createTopic(1, { ...sizes, 'retention.ms': '7200000' });
    expect(await streams.retentionHours(right)).toBe(2);
    expect(await streams.problems(right, 2)).toEqual([]);
    expect(await streams.problems(right, 3)).toEqual([
      `topic ${right}: retention.ms is 7200000 and must be from 10800000, as long as its environment keeps records, to 31536000000`,
    ]);
    const wrong = await kafka.createTopic(1, {
      ...{ 'retention.ms': '7200000', 'message.timestamp.type': 'CreateTime' },
      ...{ 'cleanup.policy': 'compact', 'unclean.leader.election.enable': 'true' },
    });
    expect(await streams.problems(wrong, 2)).toEqual([
      `topic ${wrong}: message.timestamp.type is CreateTime and must be LogAppendTime`,
      `topic ${wrong}: cleanup.policy is compact and must be delete`,
      `topic ${wrong}: compression.type is producer and must be uncompressed`,
      `topic ${wrong}: max.message.bytes is 1048588 and must be at most 1000000`,
      `topic ${wrong}: unclean.leader.election.enable is true and must be false`,
    ]);
    await expect(streams.problems('missing', 1)).rejects.toThrow('Kafka: Unknown topic missing.');
  });
});
