import type { Fetched, Reader } from '../../../local/event-source-mapping/kafka/access.ts';
import type { KafkaContext } from '../../../local/event-source-mapping/kafka/context.ts';
import { answers, EARLIEST, LATEST } from '../services/kafka/kafka.ts';
import type { SimulatedAccessOptions } from './access.ts';
import { callBroker } from './call.ts';
import { bigints, numbers } from './offsets.ts';

export class SimulatedReader implements Reader {
  readonly #context: KafkaContext;
  readonly #options: SimulatedAccessOptions;
  readonly #closed = new AbortController();

  constructor(context: KafkaContext, options: SimulatedAccessOptions) {
    this.#context = context;
    this.#options = options;
  }

  async fetch(from: ReadonlyMap<number, bigint>): Promise<Fetched[]> {
    const { topic } = this.#context;
    const { partitions } = await callBroker(
      this.#options,
      'Fetch',
      { topic, from: numbers(from) },
      answers.Fetch,
    );
    if (partitions.length === 0) await this.#something();
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

  /** Until the topic has more, or the wait of a fetch is over. */
  async #something(): Promise<void> {
    const { clock, kafka } = this.#options;
    const over = new AbortController();
    const ending = AbortSignal.any([over.signal, this.#closed.signal]);
    const { kafkaFetchWaitMs } = this.#context.settings;
    await Promise.race([
      clock.sleep(kafkaFetchWaitMs, ending),
      kafka.topic(this.#context.topic).changes.next(ending),
    ]);
    over.abort();
  }
}
