import { hash } from 'node:crypto';
import db from 'kinesalite/db/index.js';

/** What kinesalite does with the hash key of a record: compares it with the first and last ones of shards. */
export interface HashKey {
  /** @param other decimal @returns less than 0, 0 or more than 0 */
  comparedTo(other: string): number;
}

/**
 * kinesalite compares each record with the ends of all shards, which it reads as decimals by a library each time: an eighth of
 * its work on a burst. Here the language's own integers do it, and an end is read once.
 */
export function makeNativeHashKeys(): void {
  Object.assign(db, { partitionKeyToHashKey });
}

/** The MD5 of the key's UTF-8, as a number (Kinesis API reference, PutRecord). */
export function partitionKeyToHashKey(partitionKey: string): HashKey {
  const value = BigInt(`0x${hash('md5', partitionKey)}`);
  return {
    comparedTo(other) {
      const end = endOf(other);
      return value < end ? -1 : Number(value > end);
    },
  };
}

/** Of shards, by their decimals: as many as streams have, and those that were split. */
const ends = new Map<string, bigint>();

function endOf(decimal: string): bigint {
  const known = ends.get(decimal);
  if (known !== undefined) return known;
  const end = BigInt(decimal);
  ends.set(decimal, end);
  return end;
}
