import { recordsIn } from '../lambda/batch/aggregated-records.ts';
import type { InputRecord } from '../lambda/core/decode.ts';
import { isAggregate } from '../lambda/core/kpl.ts';
import type { StreamRecord } from '../local/stream-reader.ts';

/** An event as it lies on a stream: alone, or in an aggregated record. */
export interface StreamEvent extends StreamRecord {
  /** Its place in an aggregated record. */
  readonly index?: number;
}

/** Of Kinesis: a partition of a topic has the topic's name. */
const shardName = /^shardId-\d{12}$/;

/** Only streams have such: of a topic a record is one event, whatever it begins with. */
function isAggregated({ shardId, data }: StreamRecord): boolean {
  return isAggregate(data) && shardName.test(shardId);
}

/** What is in a record, in order: itself, where it is no aggregated one or cannot be taken apart. */
export function eventsOf(record: StreamRecord): readonly StreamEvent[] {
  if (!isAggregated(record)) return [record];
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
  return isAggregated(record) ? recordsIn(outer, data) : [{ ...outer, data }];
}
