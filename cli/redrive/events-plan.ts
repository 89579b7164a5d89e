import type { KinesisStreamRecord } from 'aws-lambda';
import { decodeBatch } from '../../lambda/batch/kinesis-batch.ts';
import type { Decoded, InputRecord } from '../../lambda/core/decode.ts';
import { type KeyedState, type Standing, standingOf } from './assess.ts';
import type { RedriveClients } from './clients.ts';
import type { FailedBatch } from './failed-batches.ts';
import { invokeWith } from './invoke.ts';
import type { BatchPlan } from './plan.ts';
import type { PublishedOutcomes } from './published-outcomes.ts';

/** What differs between the two functions that apply events. */
export interface EventsKind<Event> {
  decode: (record: InputRecord) => Decoded<Event>;
  keyOf: (event: Event) => string;
  load: (keys: readonly string[]) => Promise<ReadonlyMap<string, Exclude<KeyedState, undefined>>>;
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
  { lambda }: RedriveClients,
): Promise<BatchPlan> {
  await kind.published.catchUp();
  const standings = await assess(batch, kind);
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
      if (toInvoke.length > 0) await invokeWith(lambda, batch.functionName, toInvoke);
      // A mapping that works on the same keys may have moved their cursors on since they were read.
      await kind.published.catchUp();
      return idsOf(toInvoke).filter((id) => kind.published.of(id) === undefined);
    },
  };
}

async function assess<Event>(batch: FailedBatch, kind: EventsKind<Event>): Promise<Map<string, Standing>> {
  const { decode, keyOf, load, parallelizationFactor, retentionMs, published } = kind;
  const { groups, undecodable } = decodeBatch(batch.records, decode, keyOf, parallelizationFactor);
  const states = await load([...groups.keys()]);
  const context = {
    now: Date.now(),
    retentionMs,
    isPublished: (recordId: string) => published.of(recordId) !== undefined,
  };
  const standings = new Map<string, Standing>();
  const note = (record: InputRecord, state: KeyedState) => {
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
