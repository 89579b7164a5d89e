import type { RecordsBatch } from '@platformatic/kafka';

/** A record as it lies in its partition. */
export interface TopicRecord {
  topic: string;
  partition: number;
  offset: bigint;
  /** ms since the epoch: of its append, or of its making, as `timestampType` says. */
  timestamp: number;
  timestampType: 'LOG_APPEND_TIME' | 'CREATE_TIME';
  key: Buffer | null;
  value: Buffer | null;
  headers: readonly (readonly [Buffer | null, Buffer | null])[];
}

/** https://kafka.apache.org/documentation/#recordbatch: bits of a batch's attributes. */
const LOG_APPEND_TIME = 1 << 3;
const CONTROL = 1 << 5;

/**
 * What is in a batch. The client's own streams give the time of making, also where the broker stamps: a stamp stands for the
 * whole batch, in its largest timestamp. Markers of transactions are no records. Those before `from` were read before: the broker
 * answers with whole batches.
 */
export function recordsOf(
  batch: RecordsBatch,
  topic: string,
  partition: number,
  from: bigint,
): TopicRecord[] {
  if ((batch.attributes & CONTROL) !== 0) return [];
  const isStamped = (batch.attributes & LOG_APPEND_TIME) !== 0;
  return batch.records
    .map((record) => ({
      ...{ topic, partition },
      offset: batch.firstOffset + BigInt(record.offsetDelta),
      timestamp: Number(isStamped ? batch.maxTimestamp : batch.firstTimestamp + record.timestampDelta),
      timestampType: isStamped ? ('LOG_APPEND_TIME' as const) : ('CREATE_TIME' as const),
      ...{ key: record.key, value: record.value, headers: record.headers },
    }))
    .filter(({ offset }) => offset >= from);
}

/** Where to read on after it: also behind markers, and what was compacted away. */
export const offsetAfter = (batch: RecordsBatch): bigint =>
  batch.firstOffset + BigInt(batch.lastOffsetDelta) + 1n;
