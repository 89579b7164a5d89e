import {
  ExpiredIteratorException,
  type KinesisClient,
  ProvisionedThroughputExceededException,
} from '@aws-sdk/client-kinesis';
import { type Clock, systemClock } from './clock.ts';
import { type Page, ShardReader, type ShardStart } from './event-source-mapping/kinesis/reader.ts';
import { hashKeyOf, type ListedShard, listShards } from './shards.ts';

/** Records of one read. Kinesis gives up to 10,000, which take several times their size while they are decoded. */
const PAGE = 2_000;

/** Wait after a read that was refused, in ms: a shard is read five times a second at most, by all its consumers together. */
const THROTTLED_MS = 200;

/** One record as it lies on a stream. */
export interface StreamRecord {
  stream: string;
  shardId: string;
  sequenceNumber: string;
  partitionKey: string;
  /** When it came onto the stream, ms since the epoch. */
  arrival: number;
  data: Uint8Array;
}

export interface StreamReaderOptions {
  /** Where it begins in the shards that are there at first; in those that a reshard opens, with their oldest record. */
  from?: ShardStart;
  /** Reads those shards only that take, or took, this key's records. */
  partitionKey?: string;
}

interface ShardPosition {
  shardId: string;
  parents: readonly string[];
  reader: ShardReader;
  finished: boolean;
  /** All that came before this has been read, ms. */
  readUpTo: number;
}

/**
 * Reads a stream, by default from its oldest record on, all shards of it. Within a shard records come in order; the
 * children of a split or merged shard are read only after all of it was. A stream is at-least-once: the same
 * content may come again under another sequence number.
 */
export class StreamReader {
  readonly stream: string;
  readonly #kinesis: KinesisClient;
  readonly #clock: Clock;
  readonly #shards = new Map<string, ShardPosition>();

  readonly #from: ShardStart;
  readonly #hashKey: bigint | undefined;

  constructor(
    kinesis: KinesisClient,
    stream: string,
    clock = systemClock,
    { from = 'oldest', partitionKey }: StreamReaderOptions = {},
  ) {
    this.#kinesis = kinesis;
    this.stream = stream;
    this.#clock = clock;
    this.#from = from;
    this.#hashKey = partitionKey === undefined ? undefined : hashKeyOf(partitionKey);
  }

  /** Takes its places in the shards: with `latest`, what comes from now on is read. Else the first poll does. */
  async begin(): Promise<void> {
    await this.#discover(this.#from);
    await Promise.all([...this.#shards.values()].map(({ reader }) => reader.begin()));
  }

  /**
   * What has come since the last poll; empty when there is nothing new. One call per open shard.
   * @throws what the client throws; as soon as the signal is aborted, that too
   */
  async poll(signal?: AbortSignal): Promise<StreamRecord[]> {
    if (this.#shards.size === 0) await this.#discover(this.#from, signal);
    const readable = [...this.#shards.values()].filter((shard) => this.#isReadable(shard));
    const batches = await Promise.all(readable.map((shard) => this.#read(shard, signal)));
    if (readable.some(({ finished }) => finished)) await this.#discover('oldest', signal);
    return batches.flat();
  }

  /** Whether all that came before a time has been read: ms, by the clock of this machine and the stream's. */
  hasReadUpTo(time: number): boolean {
    const shards = [...this.#shards.values()];
    return shards.length > 0 && shards.every(({ finished, readUpTo }) => finished || readUpTo >= time);
  }

  #isReadable({ finished, parents }: ShardPosition): boolean {
    // A parent that is not listed has expired with all its records.
    return !finished && parents.every((parent) => this.#shards.get(parent)?.finished ?? true);
  }

  async #discover(from: ShardStart, signal?: AbortSignal): Promise<void> {
    for (const shard of await listShards(this.#kinesis, this.stream, signal)) {
      const { shardId, parents } = shard;
      if (this.#shards.has(shardId) || !this.#isWanted(shard)) continue;
      const reader = new ShardReader(this.#kinesis, {
        ...{ stream: this.stream, shardId, after: undefined, limit: PAGE, from },
      });
      this.#shards.set(shardId, { shardId, parents, reader, finished: false, readUpTo: 0 });
    }
  }

  #isWanted({ hashKeys: [first, last] }: ListedShard): boolean {
    const key = this.#hashKey;
    return key === undefined || (first <= key && key <= last);
  }

  async #read(shard: ShardPosition, signal?: AbortSignal): Promise<StreamRecord[]> {
    const polledAt = this.#clock.now();
    const { records, ended, behindMs } = await nextPage(shard.reader, this.#clock, signal);
    shard.finished = ended;
    const last = records.at(-1)?.ApproximateArrivalTimestamp?.getTime();
    shard.readUpTo = last ?? (behindMs === 0 ? polledAt : shard.readUpTo);
    return records.map((record) => ({
      stream: this.stream,
      shardId: shard.shardId,
      sequenceNumber: record.SequenceNumber ?? '',
      partitionKey: record.PartitionKey ?? '',
      arrival: record.ApproximateArrivalTimestamp?.getTime() ?? 0,
      data: record.Data ?? new Uint8Array(),
    }));
  }
}

/**
 * The next page of a shard. A read that did not take place is no empty one: the reader has kept its position, and reads again.
 * @throws what the client throws, but where it was throttled or the iterator had expired; the signal's reason
 */
export async function nextPage(
  reader: ShardReader,
  clock: Pick<Clock, 'sleep'>,
  signal?: AbortSignal,
): Promise<Page> {
  for (;;) {
    signal?.throwIfAborted();
    try {
      return await reader.poll(signal);
    } catch (error) {
      if (error instanceof ProvisionedThroughputExceededException) await clock.sleep(THROTTLED_MS, signal);
      // An iterator lives for five minutes; the machine may have slept longer.
      else if (!(error instanceof ExpiredIteratorException)) throw error;
    }
  }
}
