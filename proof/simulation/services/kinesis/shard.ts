import { bytesOfBase64, ShardLimits } from '../../../../local/limits/shard-limits.ts';
import type { HashKey, HashKeyRange } from './hash-keys.ts';

export interface NewRecord {
  readonly partitionKey: string;
  readonly explicitHashKey: HashKey | undefined;
  /** In base64. */
  readonly data: string;
}

export interface StoredRecord {
  /** What its sequence number ends with. */
  readonly count: number;
  readonly partitionKey: string;
  /** In base64, as it came and as it goes. */
  readonly data: string;
  /** ms since the epoch. */
  readonly arrival: number;
}

export interface ShardOrigin {
  readonly index: number;
  readonly range: HashKeyRange;
  readonly createdAt: number;
  /** Shards that it was split or merged from. */
  readonly parents: readonly string[];
}

/** Digits of a sequence number after the part that names its shard. */
const COUNTER_DIGITS = 30;
const zeros = '0'.repeat(COUNTER_DIGITS);

/**
 * One shard: records in the order of their sequence numbers. A position is the number of records that lie before it,
 * those that have expired included.
 */
export class Shard {
  readonly id: string;
  readonly range: HashKeyRange;
  readonly createdAt: number;
  readonly parents: readonly string[];
  /** What it takes and gives in a second. */
  readonly limits = new ShardLimits();
  readonly #prefix: string;
  #records: StoredRecord[] = [];
  #expired = 0;
  #counter = 0;
  #ended: { readonly at: number; readonly sequenceNumber: string } | undefined;

  constructor({ index, range, createdAt, parents }: ShardOrigin) {
    this.id = `shardId-${String(index).padStart(12, '0')}`;
    this.range = range;
    this.createdAt = createdAt;
    this.parents = parents;
    // A child has a higher index than its parents, and so higher numbers, as on AWS.
    this.#prefix = `49${String(createdAt).padStart(15, '0')}${String(index).padStart(9, '0')}`;
  }

  get startingSequenceNumber(): string {
    return this.sequenceNumber(0);
  }

  /** Undefined while the shard is open. */
  get endingSequenceNumber(): string | undefined {
    return this.#ended?.sequenceNumber;
  }

  get isOpen(): boolean {
    return this.#ended === undefined;
  }

  get records(): readonly StoredRecord[] {
    return this.#records;
  }

  /** The position of the oldest record that has not expired. */
  get oldest(): number {
    return this.#expired;
  }

  /** The position behind the last record. */
  get end(): number {
    return this.#expired + this.#records.length;
  }

  /** @param gap sequence numbers that are left out: they increase, and are not consecutive */
  append({ partitionKey, data }: NewRecord, arrival: number, gap: number): string {
    this.#counter += 1 + gap;
    this.#records.push({ count: this.#counter, partitionKey, data, arrival });
    return this.sequenceNumber(this.#counter);
  }

  close(at: number): void {
    this.#counter += 1;
    this.#ended = { at, sequenceNumber: this.sequenceNumber(this.#counter) };
  }

  /** Forgets what arrived before that. */
  expire(before: number): void {
    let count = 0;
    for (const { arrival } of this.#records) {
      if (arrival >= before) break;
      count += 1;
    }
    if (count === 0) return;
    this.#records = this.#records.slice(count);
    this.#expired += count;
  }

  /** Closed so long ago that nothing of it can be there: Kinesis does not list it any more. */
  isGone(before: number): boolean {
    return this.#ended !== undefined && this.#ended.at < before;
  }

  /** At most so many records from a position on, and at most so many bytes; at least one if there is one. */
  read(position: number, most: number, mostBytes: number): readonly StoredRecord[] {
    const start = Math.max(0, position - this.#expired);
    let bytes = 0;
    let end = start;
    for (; end < this.#records.length && end - start < most; end += 1) {
      bytes += bytesOfBase64(this.#records[end]?.data ?? '');
      if (bytes > mostBytes && end > start) break;
    }
    return this.#records.slice(start, end);
  }

  at(position: number): StoredRecord | undefined {
    return this.#records[position - this.#expired];
  }

  /**
   * The position of the first record at a sequence number or, if that is not there, behind it.
   * @param isAfter a record at the number itself is passed over
   */
  positionOf(sequenceNumber: string, isAfter: boolean): number {
    const first = Number(sequenceNumber.slice(this.#prefix.length)) + (isAfter ? 1 : 0);
    let low = 0;
    let high = this.#records.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#records[middle]?.count ?? 0) < first) low = middle + 1;
      else high = middle;
    }
    return this.#expired + low;
  }

  /** The position of the first record that arrived at that time or later. */
  positionAt(time: number): number {
    const index = this.#records.findIndex(({ arrival }) => arrival >= time);
    return index < 0 ? this.end : this.#expired + index;
  }

  /** Whether a sequence number can have come from this shard. */
  hasGiven(sequenceNumber: string): boolean {
    const last = this.sequenceNumber(this.#counter);
    return sequenceNumber >= this.startingSequenceNumber && sequenceNumber <= last;
  }

  /** The sequence number of the record with that count. */
  sequenceNumber(count: number): string {
    const digits = String(count);
    return this.#prefix + zeros.slice(digits.length) + digits;
  }
}
