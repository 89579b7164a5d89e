import { setTimeout as sleep } from 'node:timers/promises';
import { BrokerError } from '../../lambda/adapters/kafka/broker-client.ts';
import type { Clock } from '../../local/clock.ts';
import type { Fetched } from '../../local/event-source-mapping/kafka/access.ts';
import type { PartitionReader } from '../../local/event-source-mapping/kafka/reader.ts';
import type { ShardStart } from '../../local/event-source-mapping/kinesis/reader.ts';
import type { TopicRecord } from '../../local/kafka/records.ts';
import type { StreamRecord } from '../../local/stream-reader.ts';
import type { OuterReader } from './outer-streams.ts';

/** A leader that changes and a broker that restarts are waited for, so often and so long, ms. */
const TRIES = 100;
const PAUSE_MS = 200;
/** Whom nobody has ever reached is not waited for: the address is wrong, or he is away. */
const FIRST_TRIES = 5;
const reached = new WeakSet<PartitionReader>();

interface PartitionPosition {
  next: bigint;
  /** All that came before this has been read, ms. */
  readUpTo: number;
}

/** Reads all partitions of a topic, those that are added as well; with no group, so that nothing of it stays. */
export class TopicReader implements OuterReader {
  readonly #topic: string;
  readonly #reader: PartitionReader;
  readonly #clock: Clock;
  readonly #from: ShardStart;
  readonly #partitions = new Map<number, PartitionPosition>();

  constructor(topic: string, reader: PartitionReader, clock: Clock, from: ShardStart = 'oldest') {
    this.#topic = topic;
    this.#reader = reader;
    this.#clock = clock;
    this.#from = from;
  }

  async begin(): Promise<void> {
    await retried(this.#reader, () => this.#discover(this.#from));
  }

  async poll(signal?: AbortSignal): Promise<StreamRecord[]> {
    if (this.#partitions.size === 0) await this.begin();
    return retried(this.#reader, (isAgain) => this.#poll(isAgain), signal);
  }

  hasReadUpTo(time: number): boolean {
    const positions = [...this.#partitions.values()];
    return positions.length > 0 && positions.every(({ readUpTo }) => readUpTo >= time);
  }

  async #poll(isAgain: boolean): Promise<StreamRecord[]> {
    await this.#discover('oldest');
    if (isAgain) await this.#passExpired();
    const polledAt = this.#clock.now();
    const from = new Map([...this.#partitions].map(([partition, { next }]) => [partition, next]));
    const fetched = new Map((await this.#reader.fetch(from)).map((each) => [each.partition, each]));
    return [...this.#partitions].flatMap(([partition, position]) =>
      this.#accept(position, fetched.get(partition), polledAt),
    );
  }

  /** What was not read in time is not there any more, and to ask for it is an error. */
  async #passExpired(): Promise<void> {
    const oldest = await this.#reader.offsets('earliest', [...this.#partitions.keys()]);
    for (const [partition, position] of this.#partitions) {
      const first = oldest.get(partition) ?? 0n;
      if (first > position.next) position.next = first;
    }
  }

  /** A partition that nothing is said of has nothing new. */
  #accept(position: PartitionPosition, fetched: Fetched | undefined, polledAt: number): StreamRecord[] {
    const { records = [], next = position.next, end = next } = fetched ?? {};
    const last = records.at(-1)?.timestamp;
    position.next = next;
    position.readUpTo = next >= end ? polledAt : (last ?? position.readUpTo);
    return records.map((record) => streamRecord(this.#topic, record));
  }

  /** Those that are added later are read from their beginning. */
  async #discover(from: ShardStart): Promise<void> {
    const all = await this.#reader.partitions();
    const added = all.filter((partition) => !this.#partitions.has(partition));
    const starts = await startsOf(this.#reader, from, added);
    for (const [partition, next] of starts) this.#partitions.set(partition, { next, readUpTo: 0 });
  }
}

/** By partition. A time behind the last record is the end. */
async function startsOf(
  reader: PartitionReader,
  from: ShardStart,
  partitions: readonly number[],
): Promise<Map<number, bigint>> {
  if (typeof from !== 'number') return reader.offsets(from === 'latest' ? 'latest' : 'earliest', partitions);
  const ends = await reader.offsets('latest', partitions);
  const starts = await reader.offsets(from, partitions);
  return new Map([...ends].map(([partition, end]) => [partition, startOr(starts.get(partition), end)]));
}

function startOr(start = -1n, end: bigint): bigint {
  return start < 0n ? end : start;
}

/** @throws BrokerError the last one */
export async function retried<Result>(
  reader: PartitionReader,
  work: (isAgain: boolean) => Promise<Result>,
  signal?: AbortSignal,
): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    signal?.throwIfAborted();
    try {
      const result = await work(tries > 1);
      reached.add(reader);
      return result;
    } catch (error) {
      if (tries >= (reached.has(reader) ? TRIES : FIRST_TRIES)) throw new BrokerError(error);
      reader.forget();
      await sleep(PAUSE_MS);
    }
  }
}

export function streamRecord(
  stream: string,
  { partition, offset, timestamp, key, value }: TopicRecord,
): StreamRecord {
  return {
    ...{ stream, shardId: `${stream}-${partition}`, sequenceNumber: String(offset), arrival: timestamp },
    ...{ partitionKey: key?.toString('utf8') ?? '', data: value ?? new Uint8Array() },
  };
}
