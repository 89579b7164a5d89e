import type { KafkaClient, TopicRecord } from '../../../lambda/adapters/kafka/kafka-client.ts';
import { answers } from '../services/kafka/kafka.ts';
import { callBroker, type Send } from './call.ts';

export interface SimulatedClientOptions {
  readonly send: Send;
  readonly caller: string;
}

/** Kafka's client as functions have it: each partition's records are a call of their own, and fail on their own. */
export function simulatedKafkaClient(options: SimulatedClientOptions): KafkaClient {
  const partitions = async (topic: string) => {
    const { partitions: count } = await callBroker(options, 'Metadata', { topic }, answers.Metadata);
    return Array.from({ length: count }, (_, partition) => partition);
  };
  return {
    partitions,
    async produce(topic, records) {
      const numbers = await partitions(topic);
      const groups = Map.groupBy(records, (record) => partitionOf(record, numbers.length));
      const produced = [...groups].map(([partition, some]) =>
        callBroker(options, 'Produce', { topic, partition, records: some.map(stored) }, answers.Produce),
      );
      for (const result of await Promise.allSettled(produced))
        if (result.status === 'rejected') throw result.reason;
    },
  };
}

const stored = ({ key, value }: TopicRecord) => ({
  key: Buffer.from(key).toString('base64'),
  value: value.toString('base64'),
});

/** Where a key lies does not matter, as long as it lies there always. */
export function partitionOf(
  { key, partition }: Pick<TopicRecord, 'key' | 'partition'>,
  count: number,
): number {
  if (partition !== undefined) return partition;
  let hash = 0;
  for (let index = 0; index < key.length; index += 1) hash = (hash * 31 + key.charCodeAt(index)) >>> 0;
  return hash % count;
}
