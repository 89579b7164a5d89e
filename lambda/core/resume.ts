import type { Cursor, Cursors } from './cursor.ts';
import { bytesOfCursor, type CursorRoom, roomBeside } from './cursor-room.ts';
import type { SourcedEvent } from './decode.ts';
import type { RecordPlace } from './ids.ts';
import { compareSequenceNumbers } from './ids.ts';
import type { OutcomeCodec, PlacedOutcome, StoredOutcome } from './outcome-codec.ts';
import { bytesOf, encodeOutcomes, storedOutcomes } from './outcome-codec.ts';

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
  /** Of an event that its record has no room for. It changes nothing. */
  readonly noRoom: Outcome;
}

interface ShardProgress {
  readonly shardId: string;
  /** The last that was applied, before or now. */
  place: RecordPlace | undefined;
  arrival: number;
  applied: number;
  /** What its next cursor takes so far. */
  bytes: number;
  readonly cursor: Cursor | undefined;
  readonly room: CursorRoom;
  /** Whether the rest of the last record has no room. */
  isFull: boolean;
  /** Looks an old outcome up; made when the first one is wanted, which is rare. */
  stored?: (place: RecordPlace) => StoredOutcome | undefined;
  /** The outcomes of every event of this batch, old and new: what the next cursor keeps. */
  readonly kept: PlacedOutcome[];
}

/**
 * Goes through one key's events of one batch, in order. An event above its shard's cursor is applied; one at or
 * below it was applied before and gets its stored outcome.
 *
 * The events of one record are applied together, by one write: Lambda is told of whole records that failed, and brings whole
 * records again. Of those that there is no room for, the first is kept as such, and stands for all behind it in the record.
 *
 * An event on a shard that there is no room for at all is refused, and nothing is kept of it (core/cursor-room.ts).
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
  keeping: OutcomeKeeping<Event, Outcome>,
  apply: (sourced: SourcedEvent<Event>) => Outcome,
): Resumed<Outcome> {
  const shards: ShardProgress[] = [];
  const outcomes: (Outcome | undefined)[] = [];
  for (const sourced of events) {
    const { source } = sourced.record;
    const shard = progressIn(shards, source.shardId, cursors);
    if (isOld(shard, source)) {
      outcomes.push(storedOutcome(shard, source, keeping.codec));
      continue;
    }
    if (shard.room.isNone) {
      outcomes.push(keeping.noRoom);
      continue;
    }
    const isBegun = shard.place?.sequenceNumber === source.sequenceNumber;
    if (!isBegun && !hasRoom(shard, source)) break;
    outcomes.push(
      isBegun && shard.bytes > shard.room.ofRecord
        ? refused(shard, sourced, keeping)
        : applied(shard, sourced, keeping, apply),
    );
  }
  let count = 0;
  const advanced = { ...cursors };
  for (const shard of shards) {
    if (shard.applied === 0 || shard.place === undefined) continue;
    count += shard.applied;
    advanced[shard.shardId] = cursorOf(shard, shard.place);
  }
  return { outcomes, applied: count, cursors: count === 0 ? cursors : advanced };
}

function cursorOf({ arrival, kept }: ShardProgress, { sequenceNumber, index }: RecordPlace): Cursor {
  const cursor = { sequenceNumber, arrival, outcomes: encodeOutcomes(kept) };
  return index === undefined ? cursor : { ...cursor, index };
}

/** A batch is of one shard, on Kinesis: the search finds it at once. */
function progressIn(shards: ShardProgress[], shardId: string, cursors: Cursors): ShardProgress {
  for (const shard of shards) if (shard.shardId === shardId) return shard;
  const cursor = cursors[shardId];
  let taken = 0;
  for (const { room, bytes } of shards) taken += Math.max(room.ofBatch, bytes);
  const shard: ShardProgress = {
    shardId,
    place: cursor,
    arrival: cursor?.arrival ?? 0,
    applied: 0,
    bytes: bytesOfCursor(shardId, cursor?.sequenceNumber.length ?? 0, 0),
    cursor,
    room: roomBeside(cursors, shardId, taken),
    isFull: false,
    kept: [],
  };
  shards.push(shard);
  return shard;
}

/** Of one record all events of the key are applied, or none. */
function isOld({ place, applied: count }: ShardProgress, source: RecordPlace): boolean {
  if (place === undefined) return false;
  const order = compareSequenceNumbers(source.sequenceNumber, place.sequenceNumber);
  if (order !== 0 || count === 0) return order <= 0;
  return source.index === undefined || source.index <= (place.index ?? 0);
}

/**
 * One event at least of a batch that came again, or it would never go on; and no aggregated record more: an item must not
 * grow by one at each time that its batch dies. What is left begins the next batch, where it has room.
 */
function hasRoom({ applied: count, bytes, room, kept }: ShardProgress, { index }: RecordPlace): boolean {
  const isFirst = index === undefined ? count === 0 : kept.length === 0;
  return isFirst || bytes <= room.ofBatch;
}

function storedOutcome<Outcome>(
  shard: ShardProgress,
  source: RecordPlace,
  codec: OutcomeCodec<Outcome>,
): Outcome | undefined {
  if (shard.cursor === undefined) return undefined;
  shard.stored ??= storedOutcomes(shard.cursor);
  const outcome = shard.stored(source);
  if (outcome === undefined) return undefined;
  keep(shard, source, outcome);
  return codec.decode(outcome);
}

function applied<Event, Outcome>(
  shard: ShardProgress,
  sourced: SourcedEvent<Event>,
  { codec, bytesOf: more }: OutcomeKeeping<Event, Outcome>,
  apply: (sourced: SourcedEvent<Event>) => Outcome,
): Outcome {
  const { source, arrival } = sourced.record;
  const outcome = apply(sourced);
  keep(shard, source, codec.encode(outcome));
  shard.bytes += more?.(sourced, outcome) ?? 0;
  shard.place = source;
  shard.arrival = arrival;
  shard.applied += 1;
  return outcome;
}

function refused<Event, Outcome>(
  shard: ShardProgress,
  { record: { source } }: SourcedEvent<Event>,
  { codec, noRoom }: OutcomeKeeping<Event, Outcome>,
): Outcome {
  if (!shard.isFull) {
    keep(shard, source, codec.encode(noRoom));
    shard.place = source;
    shard.isFull = true;
  }
  shard.applied += 1;
  return noRoom;
}

function keep(shard: ShardProgress, place: RecordPlace, outcome: StoredOutcome): void {
  shard.kept.push({ place, outcome });
  shard.bytes += bytesOf(outcome);
}
