import type { KinesisStreamRecord } from 'aws-lambda';
import { decodeBatch } from '../../lambda/batch/kinesis-batch.ts';
import type { KeyedState } from '../../lambda/core/decider.ts';
import type { Decoded, InputRecord } from '../../lambda/core/decode.ts';
import { compareSequenceNumbers } from '../../lambda/core/ids.ts';
import { outcomesBySequenceNumber } from '../../lambda/core/outcome-codec.ts';
import type { FailedBatch } from './failed-batches.ts';
import { invokeWith } from './invoke.ts';
import type { BatchPlan } from './plan.ts';
import type { PublishedOutcomes } from './published-outcomes.ts';
import type { RedriveResources } from './resources.ts';

/** What differs between the two functions that apply events. */
export interface EventsKind<Event> {
  decode: (record: InputRecord) => Decoded<Event>;
  keyOf: (event: Event) => string;
  load: (keys: readonly string[]) => Promise<ReadonlyMap<string, Position>>;
  parallelizationFactor: number;
  retentionMs: number;
  published: PublishedOutcomes;
  /** Puts again what comes with outcomes that are published, but may not have followed them. */
  complete: (recordIds: readonly string[]) => Promise<void>;
}

/**
 * A batch of user or lottery events. The function is invoked with the records as they are stored: the same shard,
 * sequence numbers and arrival times, so that cursors and entry ids decide as they would have. They are never put
 * on the stream again: under a new sequence number an event that was applied would be applied once more.
 */
export async function planEvents<Event>(
  batch: FailedBatch,
  kind: EventsKind<Event>,
  { functions, now }: RedriveResources,
): Promise<BatchPlan> {
  await kind.published.catchUp();
  const standings = await assess(batch, kind, now());
  const withStanding = (...wanted: Standing[]) =>
    batch.records.filter(({ eventID }) => wanted.includes(standings.get(eventID) ?? 'undecided'));
  const toInvoke = withStanding('stored', 'unapplied');
  return {
    counts: {
      'to apply': withStanding('unapplied').length,
      'to publish again': withStanding('stored').length,
      'published before': withStanding('published').length,
    },
    undecided: idsOf(withStanding('undecided')),
    async redrive() {
      await kind.complete(idsOf(withStanding('published')));
      if (toInvoke.length > 0) await invokeWith(functions, batch.functionName, toInvoke);
      // A mapping that works on the same keys may have moved their cursors on since they were read.
      await kind.published.catchUp();
      return idsOf(toInvoke).filter((id) => kind.published.of(id) === undefined);
    },
  };
}

async function assess<Event>(
  batch: FailedBatch,
  kind: EventsKind<Event>,
  now: number,
): Promise<Map<string, Standing>> {
  const { decode, keyOf, load, parallelizationFactor, retentionMs, published } = kind;
  const { groups, undecodable } = decodeBatch(batch.records, decode, keyOf, parallelizationFactor);
  const states = await load([...groups.keys()]);
  const context = {
    now,
    retentionMs,
    isPublished: (recordId: string) => published.of(recordId) !== undefined,
  };
  const standings = new Map<string, Standing>();
  const note = (record: InputRecord, state: Position | undefined) => {
    const recordId = `${record.source.shardId}:${record.source.sequenceNumber}`;
    standings.set(recordId, standingOf(record, recordId, state, context));
  };
  for (const { record } of undecodable) note(record, undefined);
  for (const [key, events] of groups) for (const { record } of events) note(record, states.get(key));
  return standings;
}

function idsOf(records: readonly KinesisStreamRecord[]): string[] {
  return records.map(({ eventID }) => eventID);
}

/**
 * What may be done with a record of a batch that was given up:
 * - `stored`: it was applied, and its outcome is in its key's item: the function publishes it again.
 * - `published`: its outcome is on the output stream.
 * - `unapplied`: it was never applied: the function applies it now.
 * - `undecided`: nobody knows any more. It lies below its key's cursor without a stored outcome (it was applied
 *   and published long ago, or passed over when its batch was given up and later ones went on), or is so old that
 *   the cursor has gone. Applied now, it might be applied twice.
 */
export type Standing = 'stored' | 'published' | 'unapplied' | 'undecided';

/** The part of a user's or a lottery's item that says how far it is. */
type Position = Pick<KeyedState, 'cursors'>;

/**
 * The functions drop cursors older than the retention (lambda/core/cursor.ts). So much earlier they count as
 * dropped here: time passes until the function looks, and clocks differ. In ms.
 */
const MARGIN_MS = 15 * 60_000;

export interface AssessContext {
  now: number;
  retentionMs: number;
  isPublished: (recordId: string) => boolean;
}

/** @param state of the record's key; undefined: it has no item. A record that cannot be decoded has none, and is rejected at any time */
export function standingOf(
  { source, arrival }: InputRecord,
  recordId: string,
  state: Position | undefined,
  { now, retentionMs, isPublished }: AssessContext,
): Standing {
  const cursor = state?.cursors[source.shardId];
  const isOld = (at: number) => now + MARGIN_MS - at > retentionMs;
  const isPassed =
    cursor !== undefined && compareSequenceNumbers(source.sequenceNumber, cursor.sequenceNumber) <= 0;
  if (isPassed && !isOld(cursor.arrival)) {
    const stored = outcomesBySequenceNumber(cursor.sequenceNumber, cursor.outcomes)(source.sequenceNumber);
    if (stored !== undefined) return 'stored';
  }
  if (isPublished(recordId)) return 'published';
  if (isPassed) return 'undecided';
  const mayHaveBeenPassed = state !== undefined && cursor === undefined && isOld(arrival);
  return mayHaveBeenPassed ? 'undecided' : 'unapplied';
}
