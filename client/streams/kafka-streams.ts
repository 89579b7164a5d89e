import { randomUUID } from 'node:crypto';
import { Admin, Consumer } from '@platformatic/kafka';
import { type BrokerAccess, connectionOptions } from '../../lambda/adapters/kafka/broker-access.ts';
import { BrokerClient, BrokerError } from '../../lambda/adapters/kafka/broker-client.ts';
import { KafkaInputs } from '../../lambda/adapters/kafka/kafka-inputs.ts';
import { inBatches } from '../../lambda/adapters/kafka/kafka-publisher.ts';
import { longestTopicRetentionMs } from '../../lambda/adapters/kafka/kept-records.ts';
import type { InputStreams } from '../../lambda/ports/connector.ts';
import type { HeartbeatSender, InputShards } from '../../lambda/ports/ports.ts';
import type { Clock } from '../../local/clock.ts';
import { PartitionReader } from '../../local/event-source-mapping/kafka/reader.ts';
import { problemsOf, statesOf, type TopicState } from '../../local/kafka/topics.ts';
import type { ShardLink } from '../../local/shards.ts';
import type { StreamReaderOptions, StreamRecord } from '../../local/stream-reader.ts';
import type { OuterReader, OuterStreams, PutRecord, ShardPlace } from './outer-streams.ts';
import { retried, streamRecord, TopicReader } from './topic-reader.ts';

/** How long a broker waits for something new before it says that there is nothing, ms. */
const WAIT_MS = 50;
const HOUR_MS = 3_600_000;
/** Of the hash keys of Kinesis. */
const HASH_BITS = 128n;

/** On Kafka. A reader reads all partitions, also where it is asked for those of one key: with partitions added, keys change theirs. */
export class KafkaStreams implements OuterStreams {
  readonly #access: BrokerAccess;
  readonly #client: BrokerClient;
  readonly #readers: PartitionReader[] = [];
  readonly #counters = new Map<string, PartitionReader>();

  constructor(access: BrokerAccess) {
    this.#access = access;
    this.#client = new BrokerClient(access);
  }

  /** @throws BrokerError; what came before it in the call may be there */
  async put(topic: string, records: readonly PutRecord[]): Promise<string[]> {
    const ids: string[] = [];
    const count = records.some(({ explicitHashKey }) => explicitHashKey !== undefined)
      ? (await this.#client.partitions(topic)).length
      : 0;
    const all = records.map(({ partitionKey: key, data, explicitHashKey }) => ({
      ...{ key, value: Buffer.from(data) },
      ...(explicitHashKey !== undefined && { partition: partitionOf(explicitHashKey, count) }),
    }));
    for (const batch of inBatches(all)) {
      const positions = await this.#client.put(topic, batch);
      ids.push(...positions.map(({ partition, offset }) => `${topic}-${partition}:${offset}`));
    }
    return ids;
  }

  reader(topic: string, clock: Clock, { from }: StreamReaderOptions = {}): OuterReader {
    return new TopicReader(topic, this.#partitionReader(topic), clock, from);
  }

  async *tail({ stream: topic, shardId, after }: ShardPlace): AsyncGenerator<StreamRecord> {
    const reader = this.#partitionReader(topic);
    const partition = Number(shardId.slice(topic.length + 1));
    const offset = async (at: 'earliest' | 'latest') =>
      (await retried(reader, () => reader.offsets(at, [partition]))).get(partition) ?? 0n;
    const end = await offset('latest');
    const first = await offset('earliest');
    let next = after === undefined ? first : bigger(first, BigInt(after) + 1n);
    while (next < end) {
      const [fetched] = await retried(reader, () => reader.fetch(new Map([[partition, next]])));
      if (fetched === undefined) return;
      for (const record of fetched.records) yield streamRecord(topic, record);
      next = fetched.next;
    }
  }

  async shards(topic: string): Promise<ShardLink[]> {
    const partitions = await this.#client.partitions(topic);
    return partitions.map((partition) => ({ shardId: `${topic}-${partition}`, parents: [] }));
  }

  inputs(topics: InputStreams): InputShards & HeartbeatSender {
    return new KafkaInputs(this.#client, topics);
  }

  /** Its last offsets, together: they count markers of transactions too. @throws what the brokers say */
  async taken(topic: string): Promise<number> {
    const reader = this.#counters.get(topic) ?? this.#partitionReader(topic);
    this.#counters.set(topic, reader);
    const ends = await reader.ends();
    return Number([...ends.values()].reduce((sum, end) => sum + end, 0n));
  }

  async retentionHours(topic: string): Promise<number> {
    const [state] = await this.#states([topic]);
    return Number(state?.configuration['retention.ms']) / HOUR_MS;
  }

  async problems(topic: string, retentionHours: number): Promise<string[]> {
    const states = await this.#states([topic]);
    const wanted = {
      ...{ name: topic, partitions: 1, retentionMs: retentionHours * HOUR_MS },
      mostRetentionMs: longestTopicRetentionMs,
    };
    return states.flatMap((state) => problemsOf(wanted, state));
  }

  /** @throws BrokerError, where there is no such topic as well */
  async #states(topics: readonly string[]): Promise<TopicState[]> {
    const admin = new Admin(connectionOptions(this.#access));
    try {
      return await statesOf(admin, topics);
    } catch (error) {
      throw new BrokerError(error);
    } finally {
      await admin.close();
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#client.close(), ...this.#readers.map((reader) => reader.close())]);
  }

  /** One that waits for its answer would have all others wait on the same connection. */
  #partitionReader(topic: string): PartitionReader {
    const client = new Consumer({ ...connectionOptions(this.#access), groupId: `lottery-${randomUUID()}` });
    const reader = new PartitionReader(topic, client, WAIT_MS);
    this.#readers.push(reader);
    return reader;
  }
}

/** The part of a topic that has as much of all partitions before it as the hash key has of all hash keys. */
function partitionOf(explicitHashKey: string, count: number): number {
  return Number((BigInt(explicitHashKey) * BigInt(count)) >> HASH_BITS);
}

function bigger(left: bigint, right: bigint): bigint {
  return left > right ? left : right;
}
