import type { SourcedEvent } from './decode.ts';
import { compareSequenceNumbers } from './ids.ts';
import type { NumberedOutcome, OutcomeCodec, StoredOutcome } from './outcome-codec.ts';
import { bytesOf, encodeOutcomes, outcomesBySequenceNumber } from './outcome-codec.ts';

/**
 * How far one source shard was applied to one key, and what became of the events of the last write. It is
 * stored in the same item, by the same conditional write, as the state that those events changed: that is what
 * a Flink checkpoint does, one key at a time.
 */
export interface Cursor {
  /** The last sequence number applied. */
  readonly sequenceNumber: string;
  /** When that record arrived, ms since the epoch. */
  readonly arrival: number;
  /** Packed outcomes (outcome-codec.ts) of every event of the batch that wrote this cursor. */
  readonly outcomes: Uint8Array;
}

/** By shard id. */
export type Cursors = Readonly<Record<string, Cursor>>;

/**
 * What the cursors of one item may take, bytes, but for one outcome of each shard. An item holds 400 KB, and a thousand
 * such shards take 130: so it is never too large, whatever shards and keys a producer uses, and however large its batches.
 */
const maximumBytes = 200_000;

/**
 * What one cursor may take of it, bytes: about 700 events of one user in a batch. A user whose events are on many shards
 * has room on each then, and cannot have a batch end at each of his events.
 */
const maximumOfOne = 8_192;
/** And of what the others leave: so that there is always some for the next. */
const shareOfRest = 16;

export interface Resumed<Outcome> {
  /**
   * For each event, in order: its outcome, or undefined where it was settled long ago (see `resume`). Events that it has
   * none for are left: there is no room for what became of them, and they have to come again, in a smaller batch.
   */
  readonly outcomes: readonly (Outcome | undefined)[];
  /** How many events were applied now, for the first time. With 0 there is nothing to write. */
  readonly applied: number;
  readonly cursors: Cursors;
}

/** How outcomes are kept (decider.ts). */
export interface OutcomeKeeping<Event, Outcome> {
  readonly codec: OutcomeCodec<Outcome>;
  readonly bytesOf?: (sourced: SourcedEvent<Event>, outcome: Outcome) => number;
}

interface ShardProgress {
  readonly shardId: string;
  position: string | undefined;
  arrival: number;
  applied: number;
  /** What its next cursor takes so far. */
  bytes: number;
  readonly cursor: Cursor | undefined;
  /** Looks an old outcome up; made when the first one is wanted, which is rare. */
  stored?: (sequenceNumber: string) => StoredOutcome | undefined;
  /** The outcomes of every event of this batch, old and new: what the next cursor keeps. */
  readonly kept: NumberedOutcome[];
}

/**
 * Goes through one key's events of one batch, in order. An event above its shard's cursor is applied; one at or
 * below it was applied before and gets its stored outcome.
 *
 * The new cursor keeps the outcomes of *every* event of this batch. A batch may come again larger, and be
 * written again before the first one's outcomes were published; to keep only the new ones would lose the rest.
 *
 * An event below the cursor without a stored outcome was in an earlier batch, which Lambda has checkpointed, so
 * that its outcome was published: only a zombie invocation or a replay from the past brings it. It yields
 * nothing.
 */
export function resume<Event, Outcome>(
  cursors: Cursors,
  events: readonly SourcedEvent<Event>[],
  { codec, bytesOf: more = () => 0 }: OutcomeKeeping<Event, Outcome>,
  apply: (sourced: SourcedEvent<Event>) => Outcome,
): Resumed<Outcome> {
  const shards: ShardProgress[] = [];
  const outcomes: (Outcome | undefined)[] = [];
  let room: number | undefined;
  for (const sourced of events) {
    const shard = progressIn(shards, sourced.record.source.shardId, cursors);
    if (isOld(shard, sourced)) {
      outcomes.push(storedOutcome(shard, sourced, codec));
      continue;
    }
    room ??= Math.min(maximumOfOne, (maximumBytes - bytesOfOthers(cursors, shard.shardId)) / shareOfRest);
    // One at least, or it would never go on.
    if (shard.applied > 0 && shard.bytes > room) break;
    const outcome = applied(shard, sourced, codec, apply);
    shard.bytes += more(sourced, outcome);
    outcomes.push(outcome);
  }
  let count = 0;
  const advanced = { ...cursors };
  for (const shard of shards) {
    if (shard.applied === 0 || shard.position === undefined) continue;
    count += shard.applied;
    advanced[shard.shardId] = {
      sequenceNumber: shard.position,
      arrival: shard.arrival,
      outcomes: encodeOutcomes(shard.kept),
    };
  }
  return { outcomes, applied: count, cursors: count === 0 ? cursors : advanced };
}

/** A batch is of one shard, on Lambda: the search finds it at once. */
function progressIn(shards: ShardProgress[], shardId: string, cursors: Cursors): ShardProgress {
  for (const shard of shards) if (shard.shardId === shardId) return shard;
  const cursor = cursors[shardId];
  const shard: ShardProgress = {
    shardId,
    position: cursor?.sequenceNumber,
    arrival: cursor?.arrival ?? 0,
    applied: 0,
    bytes: bytesOfCursor(shardId, cursor?.sequenceNumber.length ?? 0, 0),
    cursor,
    kept: [],
  };
  shards.push(shard);
  return shard;
}

function isOld({ position }: ShardProgress, { record }: SourcedEvent<unknown>): boolean {
  return position !== undefined && compareSequenceNumbers(record.source.sequenceNumber, position) <= 0;
}

function storedOutcome<Outcome>(
  shard: ShardProgress,
  { record }: SourcedEvent<unknown>,
  codec: OutcomeCodec<Outcome>,
): Outcome | undefined {
  if (shard.cursor === undefined) return undefined;
  shard.stored ??= outcomesBySequenceNumber(shard.cursor.sequenceNumber, shard.cursor.outcomes);
  const { sequenceNumber } = record.source;
  const outcome = shard.stored(sequenceNumber);
  if (outcome === undefined) return undefined;
  keep(shard, sequenceNumber, outcome);
  return codec.decode(outcome);
}

function applied<Event, Outcome>(
  shard: ShardProgress,
  sourced: SourcedEvent<Event>,
  codec: OutcomeCodec<Outcome>,
  apply: (sourced: SourcedEvent<Event>) => Outcome,
): Outcome {
  const { source, arrival } = sourced.record;
  const outcome = apply(sourced);
  keep(shard, source.sequenceNumber, codec.encode(outcome));
  shard.position = source.sequenceNumber;
  shard.arrival = arrival;
  shard.applied += 1;
  return outcome;
}

function keep(shard: ShardProgress, sequenceNumber: string, outcome: StoredOutcome): void {
  shard.kept.push({ sequenceNumber, outcome });
  shard.bytes += bytesOf(outcome);
}

/** Nearly: the names of the members, the time and DynamoDB's own bytes are less than 100. */
function bytesOfCursor(shardId: string, sequenceNumberLength: number, outcomesLength: number): number {
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

/**
 * Drops the cursors that can no longer be met: a record older than the stream's retention is gone from the
 * stream, so nothing at or below such a cursor can be delivered again. After a reshard these are the parents'.
 */
export function withoutExpired(cursors: Cursors, now: number, retentionMs: number): Cursors {
  const isExpired = ({ arrival }: Cursor) => now - arrival > retentionMs;
  if (!someValue(cursors, isExpired)) return cursors;
  return Object.fromEntries(Object.entries(cursors).filter(([, cursor]) => !isExpired(cursor)));
}

/** As `Object.values(record).some(test)`, which makes an array: for every user of every batch. */
export function someValue<Value>(
  record: Readonly<Record<string, Value>>,
  test: (value: Value) => boolean,
): boolean {
  for (const key in record) {
    const value = record[key];
    if (value !== undefined && test(value)) return true;
  }
  return false;
}
