import type { TopicRecord } from '../../kafka/records.ts';

/** A record as Lambda sends it (Lambda Developer Guide, "Using Lambda with self-managed Apache Kafka": example event). */
export interface EventRecord {
  topic: string;
  partition: number;
  offset: number;
  timestamp: number;
  timestampType: TopicRecord['timestampType'];
  /** In base64. Not there where the record has none: AWS shows no such example. */
  key?: string;
  value?: string;
  /** The bytes of each, in their order. */
  headers: Record<string, number[]>[];
}

/** A record that was read and is on its way to the function. */
export interface PendingRecord {
  record: EventRecord;
  partition: number;
  offset: bigint;
  /** Its timestamp: its arrival where the broker stamps; ms since the epoch. */
  arrivalMs: number;
  /** When the mapping read it: its batching window counts from here. */
  readAtMs: number;
  /** Size in the payload: UTF-8 bytes of the record's JSON. */
  bytes: number;
}

/** As Lambda names the groups of its event. */
export const groupOf = (topic: string, partition: number): string => `${topic}-${partition}`;

export function toPendingRecord(source: TopicRecord, readAtMs: number): PendingRecord {
  const { topic, partition, offset, timestamp, timestampType, key, value, headers } = source;
  const record: EventRecord = {
    ...{ topic, partition, offset: Number(offset), timestamp, timestampType },
    ...(key && { key: key.toString('base64') }),
    ...(value && { value: value.toString('base64') }),
    headers: headers.map(([name, bytes]) => ({ [name?.toString() ?? '']: [...(bytes ?? [])] })),
  };
  const bytes = Buffer.byteLength(JSON.stringify(record));
  return { record, partition, offset, arrivalMs: timestamp, readAtMs, bytes };
}
