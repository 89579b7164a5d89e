import type { StreamPublisher, StreamRecord } from '../../ports/ports.ts';
import { recordJson } from '../../ports/record-json.ts';
import { PublishError } from '../publish-error.ts';
import type { Progress, RetryPolicy } from '../retry.ts';
import { sendRemaining } from '../retry.ts';
import type { KafkaClient, TopicRecord } from './kafka-client.ts';

/** A broker takes 1 MiB in one batch of a partition (`message.max.bytes`), and what is put at once may all be for one. */
const maximumBytes = 900_000;
/** Lengths, deltas and what else a record has in a batch, at most. */
const overheadBytes = 70;

/**
 * Puts records on a topic, as many at a time as a broker takes for one partition. What failed is put again, as long as anything
 * gets through: it may be there twice then, as everywhere on the outputs.
 */
export class KafkaPublisher implements StreamPublisher {
  readonly #client: KafkaClient;
  readonly #topic: string;
  readonly #retry: RetryPolicy;

  constructor(client: KafkaClient, topic: string, retry: RetryPolicy) {
    this.#client = client;
    this.#topic = topic;
    this.#retry = retry;
  }

  async publish(records: Iterable<StreamRecord>): Promise<void> {
    const progress = { done: 0 };
    for (const batch of inBatches(topicRecords(records))) await this.#putAll(batch, progress);
  }

  async #putAll(batch: readonly TopicRecord[], progress: Progress): Promise<void> {
    let lastError: unknown;
    const send = async (remaining: readonly TopicRecord[]) => {
      try {
        await this.#client.produce(this.#topic, remaining);
        return [];
      } catch (error) {
        lastError = error;
        return remaining;
      }
    };
    const left = await sendRemaining(batch, send, this.#retry, progress);
    if (left.length > 0) {
      const cause = lastError instanceof Error ? lastError.message : String(lastError);
      throw new PublishError(this.#topic, left.length, this.#retry.attempts, cause);
    }
  }
}

function* topicRecords(records: Iterable<StreamRecord>): Generator<TopicRecord> {
  for (const record of records) yield { key: record.partitionKey, value: Buffer.from(recordJson(record)) };
}

/** As many of them in a row as may be put at once. */
export function* inBatches(records: Iterable<TopicRecord>): Generator<TopicRecord[]> {
  let batch: TopicRecord[] = [];
  let bytes = 0;
  for (const record of records) {
    const size = record.value.length + Buffer.byteLength(record.key) + overheadBytes;
    if (batch.length > 0 && bytes + size > maximumBytes) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(record);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
