import type { ShardPlace } from './shard-limits.ts';

/** Kinesis API reference, GetShardIterator: an iterator expires after 5 minutes. */
const LIFE_MS = 300_000;

/** Which shard an iterator reads: it says so to the engine only. */
export class Iterators {
  /** The oldest first. */
  readonly #places = new Map<string, ShardPlace & { readonly issuedAt: number }>();

  add(iterator: string, { stream, shardId }: ShardPlace, now: number): void {
    for (const [oldest, { issuedAt }] of this.#places) {
      if (now - issuedAt <= LIFE_MS) break;
      this.#places.delete(oldest);
    }
    this.#places.delete(iterator);
    this.#places.set(iterator, { stream, shardId, issuedAt: now });
  }

  /** @returns undefined for one that has expired, or was never given */
  placeOf(iterator: string): ShardPlace | undefined {
    return this.#places.get(iterator);
  }
}
