import type { Cursors } from './cursor.ts';

/**
 * What the cursors of one item may take, bytes, but for two outcomes of each shard. An item holds 400 KB, and a thousand
 * such shards take 190, with names as long as those of Kinesis: so it is never too large, whatever shards and keys a producer
 * uses, and however large its batches and records.
 */
const maximumBytes = 200_000;

/**
 * Of a stream with far more shards that a producer puts one key's events on, the item has no cursor beyond this: an event on a
 * shard without one is refused, and nothing is kept of it. An item that cannot be written would hold its shards up for ever.
 */
const mostBytesOfAll = 440_000;

/**
 * What one cursor may take of it, bytes: about 700 events of one user in a batch. A user whose events are on many shards
 * has room on each then, and cannot have a batch end at each of his events.
 */
const maximumOfOne = 8_192;
/** And of what the others leave: so that there is always some for the next. */
const shareOfRest = 16;
/**
 * A record that is begun may take so much of what the others leave: on each of eight shards that is enough for as many of the
 * largest outcomes, of 33 bytes, as an aggregated record may have events of one key (batch/aggregated-records.ts).
 */
const shareOfRestInRecord = 4;

/** What a cursor may take, bytes, before another record is begun, and before the rest of one is refused. */
export interface CursorRoom {
  readonly ofBatch: number;
  readonly ofRecord: number;
  /** Whether there is none for a cursor at all. */
  readonly isNone: boolean;
}

/** @param taken what the same batch may take for other shards, bytes */
export function roomBeside(cursors: Cursors, shardId: string, taken: number): CursorRoom {
  const used = taken + bytesOfOthers(cursors, shardId);
  const rest = maximumBytes - used;
  return {
    ofBatch: Math.min(maximumOfOne, rest / shareOfRest),
    ofRecord: rest / shareOfRestInRecord,
    isNone: used > mostBytesOfAll && cursors[shardId] === undefined,
  };
}

/** At most: the names of the members, the time and DynamoDB's own bytes are less than 100. */
export function bytesOfCursor(shardId: string, sequenceNumberLength: number, outcomesLength: number): number {
  return 100 + shardId.length + sequenceNumberLength + outcomesLength;
}

function bytesOfOthers(cursors: Cursors, shardId: string): number {
  let bytes = 0;
  for (const other in cursors) {
    const cursor = cursors[other];
    if (other === shardId || cursor === undefined) continue;
    bytes += bytesOfCursor(other, cursor.sequenceNumber.length, cursor.outcomes.length);
  }
  return bytes;
}
