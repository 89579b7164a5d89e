import { recordsIn } from '../lambda/batch/aggregated-records.ts';
import type { InputRecord } from '../lambda/core/decode.ts';
import { isAggregate } from '../lambda/core/kpl.ts';
import type { StreamRecord } from '../local/stream-reader.ts';

/** An event as it lies on a stream: alone, or in an aggregated record. */
export interface StreamEvent extends StreamRecord {
  /** Its place in an aggregated record. */
  readonly index?: number;
}

/** What is in a record, in order: itself, where it is no aggregated one or cannot be taken apart. */
export function eventsOf(record: StreamRecord): readonly StreamEvent[] {
  if (!isAggregate(record.data)) return [record];
  return inputRecordsOf(record).map(({ source: { index }, partitionKey, data }) =>
    index === undefined ? record : { ...record, partitionKey, data, index },
  );
}

/** The same as the functions see it. */
export function inputRecordsOf(record: StreamRecord): readonly InputRecord[] {
  const { stream, shardId, sequenceNumber, partitionKey, arrival } = record;
  const outer = {
    source: { shardId, sequenceNumber, recordId: `${shardId}:${sequenceNumber}` },
    ...{ stream, partitionKey, arrival },
  };
  // A view, and no copy.
  const { buffer, byteOffset, byteLength } = record.data;
  const data = Buffer.from(buffer, byteOffset, byteLength);
  return isAggregate(data) ? recordsIn(outer, data) : [{ ...outer, data }];
}
