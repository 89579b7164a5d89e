import { type Consumer, FetchIsolationLevels, ListOffsetTimestamps } from '@platformatic/kafka';
import { offsetAfter, recordsOf } from '../../kafka/records.ts';
import type { Fetched, Reader } from './access.ts';
import { groupClient } from './client.ts';
import type { KafkaContext } from './context.ts';

/** Of one answer, and of each partition in it. */
const MOST_BYTES = 10_485_760;
const MOST_PARTITION_BYTES = 1_048_576;

/** Reads from the brokers that lead the partitions. */
export class PartitionReader implements Reader {
  readonly #topic: string;
  readonly #waitMs: number;
  readonly #client: Consumer;

  /** @param client its own; it is closed with it @param waitMs for something new */
  constructor(topic: string, client: Consumer, waitMs: number) {
    this.#topic = topic;
    this.#waitMs = waitMs;
    this.#client = client;
  }

  static of(context: KafkaContext): PartitionReader {
    return new PartitionReader(context.topic, groupClient(context), context.settings.kafkaFetchWaitMs);
  }

  /**
   * Also what a transaction has not committed, as consumers read by default.
   * @throws what the brokers say: an offset that is not there any more, a leader that has changed
   */
  async fetch(from: ReadonlyMap<number, bigint>): Promise<Fetched[]> {
    const metadata = await this.#client.metadata({ topics: [this.#topic] });
    const topic = metadata.topics.get(this.#topic);
    const nodes = Map.groupBy([...from.keys()], (partition) => topic?.partitions[partition]?.leader ?? -1);
    const answers = [...nodes].map(([node, partitions]) =>
      this.#ask(node, topic?.id ?? '', partitions, from),
    );
    return (await Promise.all(answers)).flat();
  }

  async #ask(
    node: number,
    topicId: string,
    partitions: readonly number[],
    from: ReadonlyMap<number, bigint>,
  ): Promise<Fetched[]> {
    const { responses } = await this.#client.fetch({
      node,
      topics: [{ topicId, partitions: partitions.map((partition) => requestOf(partition, from)) }],
      maxWaitTime: this.#waitMs,
      minBytes: 1,
      maxBytes: MOST_BYTES,
      isolationLevel: FetchIsolationLevels.READ_UNCOMMITTED,
    });
    return responses.flatMap((response) =>
      response.partitions.map(({ partitionIndex: partition, highWatermark, records }) => {
        const start = from.get(partition) ?? 0n;
        const batches = records ?? [];
        const last = batches.at(-1);
        return {
          partition,
          records: batches.flatMap((batch) => recordsOf(batch, this.#topic, partition, start)),
          next: last === undefined ? start : offsetAfter(last),
          end: highWatermark,
        };
      }),
    );
  }

  async offsets(
    at: 'earliest' | 'latest' | number,
    partitions: readonly number[],
  ): Promise<Map<number, bigint>> {
    if (partitions.length === 0) return new Map();
    const names = { earliest: ListOffsetTimestamps.EARLIEST, latest: ListOffsetTimestamps.LATEST };
    const listed = await this.#client.listOffsets({
      topics: [this.#topic],
      partitions: { [this.#topic]: [...partitions] },
      timestamp: typeof at === 'number' ? BigInt(at) : names[at],
    });
    const offsets = listed.get(this.#topic) ?? [];
    return new Map(partitions.map((partition) => [partition, offsets[partition] ?? -1n]));
  }

  async ends(): Promise<Map<number, bigint>> {
    return this.offsets('latest', await this.partitions({ forceUpdate: true }));
  }

  /** Those that there are, or were some seconds ago. @throws what the brokers say */
  async partitions(options: { forceUpdate?: boolean } = {}): Promise<number[]> {
    const { topics } = await this.#client.metadata({ topics: [this.#topic], ...options });
    return [...(topics.get(this.#topic)?.partitions.keys() ?? [])];
  }

  forget(): void {
    this.#client.clearMetadata();
  }

  async close(): Promise<void> {
    await this.#client.close(true).catch(() => undefined);
  }
}

function requestOf(partition: number, from: ReadonlyMap<number, bigint>) {
  return {
    partition,
    fetchOffset: from.get(partition) ?? 0n,
    currentLeaderEpoch: -1,
    lastFetchedEpoch: -1,
    partitionMaxBytes: MOST_PARTITION_BYTES,
  };
}
