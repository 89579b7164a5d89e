/** Apache Kafka for a test file: the broker that all of them share. Each test has topics of its own. */
import { randomUUID } from 'node:crypto';
import { type Admin, Producer } from '@platformatic/kafka';
import { inject, vi } from 'vitest';
import { addPartitions, withAdmin } from '../../local/kafka/topics.ts';
import type { KafkaAnswer } from './kafka-setup.ts';

export interface TestRecord {
  key?: string;
  value: string;
  partition?: number;
  /** What its producer says of its time, ms. Default: now. */
  timestamp?: number;
  headers?: Record<string, string>;
}

/** The shared broker, and what tests do to it. */
export class TestKafka {
  /** Undefined where there is none. */
  readonly #bootstrapServers: string | undefined;
  #producer: Producer | undefined;

  constructor(bootstrapServers: string | undefined) {
    this.#bootstrapServers = bootstrapServers;
  }

  get isThere(): boolean {
    return this.#bootstrapServers !== undefined;
  }

  get bootstrapServers(): string {
    if (this.#bootstrapServers === undefined)
      throw new TypeError('There is no broker: describe.runIf(kafka.isThere)');
    return this.#bootstrapServers;
  }

  /** @returns its name, which no other topic has */
  async createTopic(partitions = 1, configuration: Readonly<Record<string, string>> = {}): Promise<string> {
    const name = `test-${randomUUID()}`;
    const settings = { 'message.timestamp.type': 'LogAppendTime', ...configuration };
    const configs = Object.entries(settings).map(([setting, value]) => ({ name: setting, value }));
    await this.admin((admin) => admin.createTopics({ topics: [name], partitions, replicas: 1, configs }));
    return name;
  }

  /** Until it has so many partitions, and the broker tells of them: a busy one has made them some time before. */
  async addPartitions(topic: string, count: number): Promise<void> {
    await addPartitions(this.bootstrapServers, topic, count);
    await this.admin((admin) =>
      vi.waitUntil(
        async () => {
          const { topics } = await admin.metadata({ topics: [topic], forceUpdate: true });
          return (topics.get(topic)?.partitions.length ?? 0) >= count;
        },
        { timeout: 180_000 },
      ),
    );
  }

  admin<Result>(work: (admin: Admin) => Promise<Result>): Promise<Result> {
    return withAdmin(this.bootstrapServers, work);
  }

  /** Of each partition in this order. */
  async put(
    topic: string,
    records: readonly TestRecord[],
    compression: 'none' | 'gzip' = 'none',
  ): Promise<void> {
    const bootstrapBrokers = [this.bootstrapServers];
    this.#producer ??= new Producer({ clientId: 'test', bootstrapBrokers, idempotent: true });
    await this.#producer.send({
      ...{ acks: -1, compression },
      messages: records.map(({ key, value, partition = 0, headers, timestamp }) => ({
        ...{ topic, partition, value: Buffer.from(value) },
        ...(timestamp !== undefined && { timestamp: BigInt(timestamp) }),
        ...(key !== undefined && { key: Buffer.from(key) }),
        ...(headers && {
          headers: new Map(
            Object.entries(headers).map(([name, text]) => [Buffer.from(name), Buffer.from(text)]),
          ),
        }),
      })),
    });
  }

  /** How many records each partition has. */
  ends(topic: string): Promise<number[]> {
    return this.admin(async (admin) => {
      const { topics } = await admin.metadata({ topics: [topic], forceUpdate: true });
      const partitions = (topics.get(topic)?.partitions ?? []).map((_, partitionIndex) => ({
        ...{ partitionIndex, timestamp: -1n },
      }));
      const [listed] = await admin.listOffsets({ topics: [{ name: topic, partitions }] });
      const ends = listed?.partitions ?? [];
      return ends
        .toSorted((left, right) => left.partitionIndex - right.partitionIndex)
        .map(({ offset }) => Number(offset));
    });
  }

  async close(): Promise<void> {
    await this.#producer?.close();
  }
}

/**
 * Asked while a test file is collected: `describe.runIf(kafka.isThere)`. Where there is none the file's tests are skipped, and a line says
 * why.
 */
export async function sharedKafka(): Promise<TestKafka> {
  const response = await fetch(inject('kafkaQuestions'));
  const answer = (await response.json()) as KafkaAnswer;
  if ('bootstrapServers' in answer) return new TestKafka(answer.bootstrapServers);
  process.stderr.write(`Skipped without Apache Kafka: ${answer.missing}\n`);
  return new TestKafka(undefined);
}
