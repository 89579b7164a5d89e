import type { Clock } from '../../../local/clock.ts';
import type {
  Fetched,
  Generation,
  GroupOffsets,
  KafkaAccess,
  Member,
  Reader,
} from '../../../local/event-source-mapping/kafka/access.ts';
import type { KafkaContext } from '../../../local/event-source-mapping/kafka/context.ts';
import { Changes } from '../../../local/event-source-mapping/wake.ts';
import type { Random } from '../../../local/faults/random.ts';
import { answers, EARLIEST, type Kafka, LATEST } from '../services/kafka/kafka.ts';
import { callBroker, type Send } from './call.ts';

export interface SimulatedAccessOptions {
  readonly kafka: Kafka;
  readonly send: Send;
  readonly caller: string;
  readonly clock: Clock;
  readonly random: Random;
}

/** The brokers of mappings in a simulation. */
export function simulatedAccess(options: SimulatedAccessOptions): KafkaAccess {
  return {
    member: (context) => new SimulatedMember(context, options),
    reader: (context) => new SimulatedReader(context, options),
    offsets: (context, generation) => new SimulatedOffsets(context, generation, options),
  };
}

/** It hears of its partitions with its next heartbeat. */
class SimulatedMember implements Member {
  readonly changes = new Changes();
  readonly failure = undefined;
  readonly #context: KafkaContext;
  readonly #options: SimulatedAccessOptions;
  #current: Generation | undefined;
  #memberId: string | undefined;
  #hasLeft = false;

  constructor(context: KafkaContext, options: SimulatedAccessOptions) {
    this.#context = context;
    this.#options = options;
  }

  get current(): Generation | undefined {
    return this.#current;
  }

  async join(): Promise<void> {
    const { partitions } = await callBroker(
      this.#options,
      'Metadata',
      { topic: this.#context.topic },
      answers.Metadata,
    );
    if (this.#hasLeft) return;
    let memberId = '';
    memberId = this.#group.join(partitions, async (share) => {
      const { clock, random } = this.#options;
      await clock.sleep(this.#context.settings.kafkaHeartbeatMs * random.next());
      if (this.#hasLeft || share.generationId < (this.#current?.generationId ?? 0)) return;
      this.#current = { ...share, memberId };
      this.changes.announce();
    });
    this.#memberId = memberId;
  }

  async look(): Promise<void> {
    const { partitions } = await callBroker(
      this.#options,
      'Metadata',
      { topic: this.#context.topic },
      answers.Metadata,
    );
    if (!this.#hasLeft) this.#group.grow(partitions);
  }

  async leave(): Promise<void> {
    this.#hasLeft = true;
    if (this.#memberId !== undefined) this.#group.leave(this.#memberId);
  }

  get #group() {
    return this.#options.kafka.group(this.#context.groupId);
  }
}

class SimulatedOffsets implements GroupOffsets {
  readonly #context: KafkaContext;
  readonly #generation: Generation;
  readonly #options: SimulatedAccessOptions;

  constructor(context: KafkaContext, generation: Generation, options: SimulatedAccessOptions) {
    this.#context = context;
    this.#generation = generation;
    this.#options = options;
  }

  async load(partitions: readonly number[]): Promise<Map<number, bigint>> {
    const { groupId: group } = this.#context;
    const { offsets } = await callBroker(
      this.#options,
      'OffsetFetch',
      { group, partitions },
      answers.OffsetFetch,
    );
    return bigints(offsets);
  }

  async commit(offsets: ReadonlyMap<number, bigint>): Promise<boolean> {
    const { memberId: member, generationId } = this.#generation;
    const { isStored } = await callBroker(
      this.#options,
      'OffsetCommit',
      {
        ...{ group: this.#context.groupId, member, generationId },
        offsets: numbers(offsets),
      },
      answers.OffsetCommit,
    );
    return isStored;
  }

  async close(): Promise<void> {}
}

class SimulatedReader implements Reader {
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

const bigints = (offsets: readonly (readonly [number, number])[]) =>
  new Map(offsets.map(([partition, offset]) => [partition, BigInt(offset)]));

const numbers = (offsets: ReadonlyMap<number, bigint>) =>
  [...offsets].map(([partition, offset]) => [partition, Number(offset)]);
