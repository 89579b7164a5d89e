import { bytesOfBase64 } from '../../../../local/limits/shard-limits.ts';
import { ServiceError } from '../errors.ts';
import type { Settings } from '../options.ts';
import type { HashKey } from './hash-keys.ts';
import { evenRanges, hashKeyOf, toHashKey, toNumber } from './hash-keys.ts';
import { type NewRecord, Shard } from './shard.ts';

/** Where a record lies; without a number it was not taken, as its shard had no room for it. */
export interface PutRecord {
  readonly shardId: string;
  readonly sequenceNumber: string | undefined;
}

export const DEFAULT_RETENTION_HOURS = 24;
const HOUR_MS = 3_600_000;
/** Partition keys whose hash is kept at hand. */
const KNOWN_KEYS = 20_000;
/** Sequence numbers that may lie between two of a shard. */
const GAPS = 64;

/** One stream with all shards that it ever had. */
export class Stream {
  readonly name: string;
  readonly createdAt: number;
  retentionHours = DEFAULT_RETENTION_HOURS;
  readonly #settings: Settings;
  readonly #shards: Shard[] = [];
  /** In the order of their hash keys. */
  #open: Shard[] = [];
  readonly #hashes = new Map<string, HashKey>();

  constructor(name: string, shardCount: number, settings: Settings) {
    this.name = name;
    this.#settings = settings;
    this.createdAt = settings.now();
    this.#open = evenRanges(shardCount).map((range) => this.#newShard(range, []));
  }

  /** Those that still exist, in the order of their ids. */
  get shards(): readonly Shard[] {
    const before = this.#retained();
    return this.#shards.filter((shard) => !shard.isGone(before));
  }

  get openShards(): readonly Shard[] {
    return this.#open;
  }

  /** @throws ServiceError */
  shard(id: string): Shard {
    const found = this.#shards.find((shard) => shard.id === id);
    if (found === undefined || found.isGone(this.#retained())) {
      throw new ServiceError('ResourceNotFoundException', `Shard ${id} in stream ${this.name} not found`);
    }
    found.expire(this.#retained());
    return found;
  }

  put(record: NewRecord): PutRecord {
    const { now, random, stampJitterMs, onRecord } = this.#settings;
    const { partitionKey, explicitHashKey, data } = record;
    const shard = this.#shardFor(partitionKey, explicitHashKey);
    const { writes } = shard.limits;
    const at = now();
    const bytes = bytesOfBase64(data) + Buffer.byteLength(partitionKey);
    if (!writes.hasRoom(bytes, at)) return { shardId: shard.id, sequenceNumber: undefined };
    writes.take(bytes, at);
    const arrival = at - random.below(stampJitterMs(this.name) + 1);
    const place = { shardId: shard.id, sequenceNumber: shard.append(record, arrival, random.below(GAPS)) };
    onRecord({ ...place, stream: this.name, partitionKey, arrival, data: Buffer.from(data, 'base64') });
    return place;
  }

  /** @param start the first hash key of the second child. @throws ServiceError */
  split(id: string, start: HashKey): void {
    const parent = this.#openShard(id);
    if (start <= parent.range.start || start > parent.range.end) {
      throw new ServiceError('InvalidArgumentException', `${toNumber(start)} cannot split shard ${id}`);
    }
    const before = toHashKey(toNumber(start) - 1n);
    const ranges = [
      { start: parent.range.start, end: before },
      { start, end: parent.range.end },
    ];
    this.#replace(
      [parent],
      ranges.map((range) => this.#newShard(range, [id])),
    );
  }

  /** @throws ServiceError when they are not neighbours */
  merge(id: string, adjacent: string): void {
    const shards = [this.#openShard(id), this.#openShard(adjacent)] as const;
    const [lower, upper] = shards.toSorted((one, other) => (one.range.start < other.range.start ? -1 : 1));
    if (
      lower === upper ||
      !lower ||
      !upper ||
      toNumber(lower.range.end) + 1n !== toNumber(upper.range.start)
    ) {
      throw new ServiceError('InvalidArgumentException', `Shards ${id} and ${adjacent} are not adjacent`);
    }
    const range = { start: lower.range.start, end: upper.range.end };
    this.#replace(shards, [this.#newShard(range, [id, adjacent])]);
  }

  #retained(): number {
    return this.#settings.now() - this.retentionHours * HOUR_MS;
  }

  #openShard(id: string): Shard {
    const shard = this.shard(id);
    if (shard.isOpen) return shard;
    throw new ServiceError('InvalidArgumentException', `Shard ${id} in stream ${this.name} is closed`);
  }

  #newShard(range: Shard['range'], parents: readonly string[]): Shard {
    const origin = { index: this.#shards.length, range, createdAt: this.#settings.now(), parents };
    const shard = new Shard(origin);
    this.#shards.push(shard);
    return shard;
  }

  #replace(parents: readonly Shard[], children: readonly Shard[]): void {
    for (const parent of parents) parent.close(this.#settings.now());
    const left = this.#open.filter(({ isOpen }) => isOpen);
    this.#open = [...left, ...children].sort((one, other) => (one.range.start < other.range.start ? -1 : 1));
  }

  #shardFor(partitionKey: string, explicit: HashKey | undefined): Shard {
    const [only] = this.#open;
    const key = this.#open.length === 1 ? '' : (explicit ?? this.#hash(partitionKey));
    const shard = this.#open.find(({ range }) => key <= range.end) ?? only;
    if (shard === undefined) throw new Error(`Stream ${this.name} has no open shard`);
    return shard;
  }

  #hash(partitionKey: string): HashKey {
    const known = this.#hashes.get(partitionKey);
    if (known !== undefined) return known;
    const hash = hashKeyOf(partitionKey);
    if (this.#hashes.size >= KNOWN_KEYS) this.#hashes.clear();
    this.#hashes.set(partitionKey, hash);
    return hash;
  }
}
