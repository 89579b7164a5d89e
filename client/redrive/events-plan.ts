import { decodeBatch } from '../../lambda/batch/decode-batch.ts';
import type { KeyedState } from '../../lambda/core/decider.ts';
import type { Decoded, InputRecord } from '../../lambda/core/decode.ts';
import { compareSequenceNumbers, recordIdOf } from '../../lambda/core/ids.ts';
import { storedOutcomes } from '../../lambda/core/outcome-codec.ts';
import { type FailedBatch, recordsOf } from './failed-batches.ts';
import { invokeWith } from './invoke.ts';
import type { BatchPlan } from './plan.ts';
import type { PublishedOutcomes } from './published-outcomes.ts';
import type { PlannerResources } from './resources.ts';

/** What differs between the two functions that apply events. */
export interface EventsKind<Event> {
  decode: (record: InputRecord) => Decoded<Event>;
  keyOf: (event: Event) => string;
  load: (keys: readonly string[]) => Promise<ReadonlyMap<string, Position>>;
  retentionMs: number;
  published: PublishedOutcomes;
  /** Whether an event is to come under another sequence number, once more if need be. */
  isRepeatable: (event: Event, standing: Standing) => boolean;
  /** Puts again what comes with outcomes that are published, but may not have followed them. */
  complete: (recordIds: readonly string[]) => Promise<void>;
}

/**
 * A batch of user or lottery events. The function is invoked with the records as they are stored: the same shard,
 * sequence numbers and arrival times, so that cursors, windows and entry ids are what they would have been. They are
 * never put on the stream again, but for those that may: under a new sequence number an event that was applied would be
 * applied once more.
 */
export async function planEvents<Event>(
  batch: FailedBatch,
  kind: EventsKind<Event>,
  resources: PlannerResources,
): Promise<BatchPlan> {
  const { functions, now } = resources;
  await kind.published.catchUp();
  const standings = await assess(batch, kind, now());
  const withStanding = (...wanted: Standing[]) =>
    [...standings].flatMap(([record, standing]) => (wanted.includes(standing) ? [record] : []));
  const toInvoke = withStanding('stored', 'unapplied');
  const toRepeat = withStanding('repeatable');
  return {
    counts: {
      'to apply': withStanding('unapplied').length,
      'to publish again': withStanding('stored').length,
      'published before': withStanding('published').length,
      'to put as new': toRepeat.length,
      'of no effect': withStanding('heartbeat').length,
    },
    replaced: idsOf(toRepeat),
    undecided: idsOf(withStanding('undecided')),
    async redrive() {
      await kind.complete(idsOf(withStanding('published')));
      const records = recordsOf(batch).holding(new Set(idsOf(toInvoke)));
      await invokeWith(functions, batch.functionName, records);
      // A mapping that works on the same keys may have moved their cursors on since they were read.
      await kind.published.catchUp();
      const unsettled = idsOf(toInvoke).filter((id) => kind.published.of(id) === undefined);
      return [...unsettled, ...(await putAgain(toRepeat, batch, resources))];
    },
  };
}

/** Of each event in the batch's records. */
async function assess<Event>(
  batch: FailedBatch,
  kind: EventsKind<Event>,
  now: number,
): Promise<Map<InputRecord, Standing>> {
  const { decode, keyOf, load, retentionMs, published, isRepeatable } = kind;
  const { groups, undecodable, heartbeats } = decodeBatch(recordsOf(batch).events(), decode, keyOf);
  const states = await load([...groups.keys()]);
  const context = {
    now,
    retentionMs,
    isPublished: (recordId: string) => published.of(recordId) !== undefined,
  };
  const standings = new Map<InputRecord, Standing>();
  const note = (record: InputRecord, state: Position | undefined, event?: Event) => {
    const standing = standingOf(record, recordIdOf(record.source), state, context);
    const isRepeated = event !== undefined && isRepeatable(event, standing);
    standings.set(record, isRepeated ? 'repeatable' : standing);
  };
  for (const { record } of heartbeats) standings.set(record, 'heartbeat');
  for (const { record } of undecodable) note(record, undefined);
  for (const [key, events] of groups)
    for (const { record, event } of events) note(record, states.get(key), event);
  return standings;
}

/**
 * As they are stored, each alone, under new sequence numbers.
 * @returns ids of those that could not be put: what else is in the batch need not wait for them
 */
async function putAgain(
  records: readonly InputRecord[],
  { stream }: FailedBatch,
  { outer }: PlannerResources,
): Promise<string[]> {
  const left: string[] = [];
  for (const { source, partitionKey, data } of records) {
    const [id] = await outer.put(stream, [{ partitionKey, data }]).catch(() => []);
    if (id === undefined) left.push(recordIdOf(source));
  }
  return left;
}

function idsOf(records: readonly InputRecord[]): string[] {
  return records.map(({ source }) => recordIdOf(source));
}

/**
 * What may be done with a record of a batch that was given up:
 * - `stored`: it was applied, and its outcome is in its key's item: the function publishes it again.
 * - `published`: its outcome is on the output stream.
 * - `unapplied`: it was never applied: the function applies it now.
 * - `undecided`: nobody knows any more. It lies below its key's cursor without a stored outcome (it was applied
 *   and published long ago, or passed over when its batch was given up and later ones went on), or is so old that
 *   the cursor has gone. Applied now, it might be applied twice.
 * - `repeatable`: it may come under another sequence number: it is put on its stream again.
 * - `heartbeat`: it is no event. What came behind it has moved its shard's watermark on.
 */
export type Standing = 'stored' | 'published' | 'unapplied' | 'undecided' | 'repeatable' | 'heartbeat';

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
    if (storedOutcomes(cursor)(source) !== undefined) return 'stored';
  }
  if (isPublished(recordId)) return 'published';
  if (isPassed) return 'undecided';
  const mayHaveBeenPassed = state !== undefined && cursor === undefined && isOld(arrival);
  return mayHaveBeenPassed ? 'undecided' : 'unapplied';
}
