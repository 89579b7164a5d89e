import type { RecordPlace } from './ids.ts';

/**
 * How far one source shard was applied to one key, and what became of the events of the last write. It is
 * stored in the same item, by the same conditional write, as the state that those events changed: that is what
 * a Flink checkpoint does, one key at a time.
 */
export interface Cursor extends RecordPlace {
  /**
   * The last sequence number applied: all of the key's events in that record are. With the index of the last of them that
   * has an outcome of its own.
   */
  readonly sequenceNumber: string;
  readonly index?: number;
  /** When that record arrived, ms since the epoch. */
  readonly arrival: number;
  /** Packed outcomes (outcome-codec.ts) of every event of the batch that wrote this cursor. */
  readonly outcomes: Uint8Array;
}

/** By shard id. */
export type Cursors = Readonly<Record<string, Cursor>>;

/**
 * Drops the cursors that can no longer be met: a record that old is gone from its stream, so nothing at or below such a
 * cursor can be delivered again. After a reshard these are the parents'.
 */
export function withoutExpired(cursors: Cursors, now: number, retentionMs: number): Cursors {
  const isExpired = ({ arrival }: Cursor) => now - arrival > retentionMs;
  if (!someValue(cursors, isExpired)) return cursors;
  return Object.fromEntries(Object.entries(cursors).filter(([, cursor]) => !isExpired(cursor)));
}

/** As `Object.values(record).some(test)`, which makes an array: for every user of every batch. */
function someValue<Value>(record: Readonly<Record<string, Value>>, test: (value: Value) => boolean): boolean {
  for (const key in record) {
    const value = record[key];
    if (value !== undefined && test(value)) return true;
  }
  return false;
}
