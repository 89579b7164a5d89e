import type {
  Decoded,
  HeartbeatRecord,
  InputRecord,
  SourcedEvent,
  UndecodableRecord,
} from '../core/decode.ts';
import { isDecoded, isHeartbeat } from '../core/decode.ts';
import type { SourcePosition } from '../core/ids.ts';
import { compareSequenceNumbers } from '../core/ids.ts';

export interface DecodedBatch<Event> {
  /** All, in their order. */
  readonly records: readonly InputRecord[];
  /** The events by key, in the batch's order. */
  readonly groups: ReadonlyMap<string, readonly SourcedEvent<Event>[]>;
  readonly undecodable: readonly UndecodableRecord[];
  readonly heartbeats: readonly HeartbeatRecord[];
}

/**
 * Decodes and groups a batch.
 *
 * An event whose partition key is not its own id is rejected: a key's events are applied in the order of one shard, and
 * nobody can choose the shard of another one's event by its key.
 */
export function decodeBatch<Event>(
  records: readonly InputRecord[],
  decode: (record: InputRecord, place: number) => Decoded<Event>,
  keyOf: (event: Event) => string,
): DecodedBatch<Event> {
  const groups = new Map<string, SourcedEvent<Event>[]>();
  const undecodable: UndecodableRecord[] = [];
  const heartbeats: HeartbeatRecord[] = [];
  for (const [place, record] of records.entries()) {
    const decoded = decode(record, place);
    if (!isDecoded(decoded)) {
      if (isHeartbeat(decoded)) heartbeats.push(decoded);
      else undecodable.push(decoded);
      continue;
    }
    const key = keyOf(decoded.event);
    if (record.partitionKey !== key) {
      undecodable.push(wrongPartitionKey(decoded, key));
      continue;
    }
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [decoded]);
    else group.push(decoded);
  }
  return { records, groups, undecodable, heartbeats };
}

function wrongPartitionKey<Event>(
  { record, original }: SourcedEvent<Event>,
  expected: string,
): UndecodableRecord {
  const message = `Partition key must be the event's id '${expected}', not '${record.partitionKey}'`;
  return { record, original, rejection: { reason: 'PARTITION_KEY_MISMATCH', message } };
}

type FailedEvents = readonly { readonly events: readonly { readonly record: InputRecord }[] }[];

/** The lowest position of those that failed, for each shard that has any. */
export function firstFailedOf(failed: FailedEvents): SourcePosition[] {
  const lowest = new Map<string, SourcePosition>();
  for (const { events } of failed)
    for (const { record } of events) {
      const { shardId, sequenceNumber } = record.source;
      const known = lowest.get(shardId);
      if (known === undefined || compareSequenceNumbers(sequenceNumber, known.sequenceNumber) < 0)
        lowest.set(shardId, record.source);
    }
  return [...lowest.values()];
}

/** The records from the first of their shard on that failed. @param firstFailed at most one for each shard */
export function restOf(
  records: readonly InputRecord[],
  firstFailed: readonly SourcePosition[],
): readonly InputRecord[] {
  if (firstFailed.length === 0) return [];
  const done = new Set(doneOf(records, firstFailed));
  return records.filter((record) => !done.has(record));
}

/** The records before the first of their shard that failed. @param firstFailed at most one for each shard */
export function doneOf(
  records: readonly InputRecord[],
  firstFailed: readonly SourcePosition[],
): readonly InputRecord[] {
  if (firstFailed.length === 0) return records;
  const ends = new Map(firstFailed.map(({ shardId, sequenceNumber }) => [shardId, sequenceNumber]));
  return records.filter(({ source: { shardId, sequenceNumber } }) => {
    const end = ends.get(shardId);
    return end === undefined || compareSequenceNumbers(sequenceNumber, end) < 0;
  });
}
