import type { Fetched, Reader } from '../../../local/event-source-mapping/kafka/access.ts';
import type { KafkaContext } from '../../../local/event-source-mapping/kafka/context.ts';
import { answers, EARLIEST, LATEST } from '../services/kafka/kafka.ts';
import type { SimulatedAccessOptions } from './access.ts';
import { callBroker } from './call.ts';
import { bigints } from './offsets.ts';

export class SimulatedReader implements Reader {
  readonly #context: KafkaContext;
  readonly #options: SimulatedAccessOptions;
  readonly #closed = new AbortController();

  constructor(context: KafkaContext, options: SimulatedAccessOptions) {
    this.#context = context;
    this.#options = options;
  }

  /** Each partition is led by a broker of its own, and is asked there: what an answer has of one may be older than what it has of another. */
  async fetch(from: ReadonlyMap<number, bigint>): Promise<Fetched[]> {
    const asked = [...from].map(([partition, start]) => this.#ask(partition, Number(start)));
    return (await Promise.all(asked)).flat();
  }

  async #ask(number: number, start: number): Promise<Fetched[]> {
    const { topic } = this.#context;
    await this.#something(number, start);
    const request = { topic, from: [[number, start]] };
    const { partitions } = await callBroker(this.#options, 'Fetch', request, answers.Fetch);
    return partitions.map(({ partition, records, next, end }) => ({
      ...{ partition, next: BigInt(next), end: BigInt(end) },
      records: records.map(({ offset, timestamp, key, value }) => ({
        ...{ topic, partition, offset: BigInt(offset), timestamp, timestampType: 'LOG_APPEND_TIME' as const },
        key: key === null ? null : Buffer.from(key, 'base64'),
        ...{ value: Buffer.from(value, 'base64'), headers: [] },
      })),
    }));
  }

  async offsets(
    at: 'earliest' | 'latest' | number,
    partitions: readonly number[],
  ): Promise<Map<number, bigint>> {
    const { topic } = this.#context;
    const times = { earliest: EARLIEST, latest: LATEST };
    const asked = { topic, partitions, at: typeof at === 'number' ? at : times[at] };
    const { offsets } = await callBroker(this.#options, 'ListOffsets', asked, answers.ListOffsets);
    return bigints(offsets);
  }

  async ends(): Promise<Map<number, bigint>> {
    const { topic } = this.#context;
    const { partitions: count } = await callBroker(this.#options, 'Metadata', { topic }, answers.Metadata);
    return this.offsets(
      'latest',
      Array.from({ length: count }, (_, partition) => partition),
    );
  }

  forget(): void {}

  async close(): Promise<void> {
    this.#closed.abort();
  }

  /** A broker answers once a partition has more, or when the wait of a fetch is over. */
  async #something(partition: number, start: number): Promise<void> {
    const { clock, kafka } = this.#options;
    const topic = kafka.topic(this.#context.topic);
    const over = new AbortController();
    const ending = AbortSignal.any([over.signal, this.#closed.signal]);
    const isThere = async () => {
      while (!ending.aborted && topic.records(partition).length <= start) await topic.changes.next(ending);
    };
    await Promise.race([clock.sleep(this.#context.settings.kafkaFetchWaitMs, ending), isThere()]);
    over.abort();
  }
}
