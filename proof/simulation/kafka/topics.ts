import type {
  OuterReader,
  OuterStreams,
  PutRecord,
  ShardPlace,
} from '../../../client/streams/outer-streams.ts';
import { KafkaInputs } from '../../../lambda/adapters/kafka/kafka-inputs.ts';
import type { InputStreams } from '../../../lambda/ports/connector.ts';
import type { StreamRecord } from '../../../local/stream-reader.ts';
import { NotEmulatedError } from '../services/errors.ts';
import { answers, type Kafka } from '../services/kafka/kafka.ts';
import { callBroker, type Send } from './call.ts';
import { partitionOf, simulatedKafkaClient } from './client.ts';

/** What a broker takes at once for a partition is 1 MiB; so many bytes a record has beside its data, with its key, at most. */
const MOST_BYTES = 1_048_000;
const MOST_BESIDE_DATA = 400;

const RETENTION_HOURS = 24;

export interface SimulatedTopicsOptions {
  readonly kafka: Kafka;
  readonly send: Send;
  readonly caller: string;
}

/** Topics for somebody who stands outside. */
export class SimulatedTopics implements OuterStreams {
  readonly #options: SimulatedTopicsOptions;

  constructor(options: SimulatedTopicsOptions) {
    this.#options = options;
  }

  async put(topic: string, records: readonly PutRecord[]): Promise<string[]> {
    const { partitions: count } = await callBroker(this.#options, 'Metadata', { topic }, answers.Metadata);
    const ids: string[] = [];
    // By place: one record may be there twice.
    const groups = Map.groupBy(records.entries(), ([, record]) => placeOf(record, count));
    for (const [partition, some] of groups) {
      for (const batch of inBatches(some)) {
        const request = { topic, partition, records: batch.map(([, record]) => stored(record)) };
        const { first } = await callBroker(this.#options, 'Produce', request, answers.Produce);
        for (const [offset, [place]] of batch.entries())
          ids[place] = `${topic}-${partition}:${first + offset}`;
      }
    }
    return ids;
  }

  reader(): OuterReader {
    throw new NotEmulatedError('reading topics along');
  }

  async *tail({ stream, shardId, after }: ShardPlace): AsyncGenerator<StreamRecord> {
    const log = this.#options.kafka.topic(stream).records(Number(shardId.slice(stream.length + 1)));
    for (let offset = after === undefined ? 0 : Number(after) + 1; offset < log.length; offset += 1) {
      const { key = '', value = '', timestamp: arrival = 0 } = log[offset] ?? {};
      yield {
        ...{ stream, shardId, sequenceNumber: String(offset), arrival },
        partitionKey: Buffer.from(key ?? '', 'base64').toString('utf8'),
        data: Buffer.from(value, 'base64'),
      };
    }
  }

  async shards(topic: string) {
    const { count } = this.#options.kafka.topic(topic);
    return Array.from({ length: count }, (_, partition) => ({
      shardId: `${topic}-${partition}`,
      parents: [],
    }));
  }

  inputs(topics: InputStreams): KafkaInputs {
    return new KafkaInputs(simulatedKafkaClient(this.#options), topics);
  }

  async taken(): Promise<undefined> {}

  async retentionHours(): Promise<number> {
    return RETENTION_HOURS;
  }

  async problems(): Promise<string[]> {
    return [];
  }

  async close(): Promise<void> {}
}

type Placed = readonly [place: number, record: PutRecord];

function inBatches(all: readonly Placed[]): Placed[][] {
  const batches: Placed[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const placed of all) {
    const size = placed[1].data.length + MOST_BESIDE_DATA;
    bytes += size;
    if (bytes <= MOST_BYTES) batches.at(-1)?.push(placed);
    else {
      batches.push([placed]);
      bytes = size;
    }
  }
  return batches;
}

/** Where they want to have it, or one for each key. */
function placeOf({ partitionKey: key, explicitHashKey }: PutRecord, count: number): number {
  if (explicitHashKey !== undefined) return Number(BigInt(explicitHashKey) % BigInt(count));
  return partitionOf({ key }, count);
}

const stored = ({ partitionKey, data }: PutRecord) => ({
  key: Buffer.from(partitionKey).toString('base64'),
  value: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64'),
});
