import type { KinesisStreamEvent, KinesisStreamRecord, KinesisStreamTumblingWindowEvent } from 'aws-lambda';
import { writeAggregate } from '../lambda/core/kpl.ts';
import { toPendingRecord } from '../local/event-source-mapping/kinesis/record.ts';

/** Records as Lambda hands them to a function, by the runtime's own event source mapping. */

export const shardId = 'shardId-000000000000';
const prefix = '4959033827149025660855969252836157109159';

/** 56 digits, as on AWS. */
export function sequenceNumber(position: number): string {
  return `${prefix}${String(position).padStart(16, '0')}`;
}

const origin = {
  streamArn: 'arn:aws:kinesis:us-east-1:000000000000:stream/bench',
  region: 'us-east-1',
  shardId,
  roleArn: 'arn:aws:iam::000000000000:role/bench',
};

export interface RecordContent {
  /** Its place in the shard. */
  readonly position: number;
  readonly partitionKey: string;
  readonly value: object;
  /** ms since the epoch. */
  readonly arrival: number;
}

export function kinesisRecord({ value, ...record }: RecordContent): KinesisStreamRecord {
  return recordOf(Buffer.from(JSON.stringify(value)), record);
}

function recordOf(
  Data: Buffer,
  { position, partitionKey, arrival }: Omit<RecordContent, 'value'>,
): KinesisStreamRecord {
  const read = {
    Data,
    PartitionKey: partitionKey,
    SequenceNumber: sequenceNumber(position),
    ApproximateArrivalTimestamp: new Date(arrival),
  };
  return toPendingRecord(read, origin, arrival).record;
}

export interface ClickBatch {
  /** Position of the first click in the shard. */
  readonly first: number;
  readonly clicks: number;
  /** The user of the nth click. */
  readonly userOf: (n: number) => number;
  /** Timestamp and arrival of the nth click, ms. */
  readonly timeOf: (n: number) => number;
}

/** A batch of user-events-input: clicks on lottery 1. */
export function clickBatch({ first, clicks, userOf, timeOf }: ClickBatch): KinesisStreamEvent {
  const Records = Array.from({ length: clicks }, (_, index) => {
    const position = first + index;
    const userId = userOf(position);
    const timestamp = timeOf(position);
    return kinesisRecord({
      position,
      partitionKey: String(userId),
      value: { type: 'UserClickEvent', timestamp, userId, lotteryId: 1 },
      arrival: timestamp,
    });
  });
  return { Records };
}

/** The same clicks in aggregated records, as the Producer Library makes them. @param perRecord clicks of one */
export function aggregatedBatch(
  { first, clicks, userOf, timeOf }: ClickBatch,
  perRecord: number,
): KinesisStreamEvent {
  const Records: KinesisStreamRecord[] = [];
  for (let start = first; start < first + clicks; start += perRecord) {
    const length = Math.min(perRecord, first + clicks - start);
    const events = Array.from({ length }, (_, index) => {
      const userId = userOf(start + index);
      const value = { type: 'UserClickEvent', timestamp: timeOf(start + index), userId, lotteryId: 1 };
      return { partitionKey: String(userId), data: Buffer.from(JSON.stringify(value)) };
    });
    const place = { position: start, partitionKey: 'a', arrival: timeOf(start) };
    Records.push(recordOf(writeAggregate(events), place));
  }
  return { Records };
}

/** An invocation of the draw function inside a tumbling window. */
export function windowEvent(
  records: readonly KinesisStreamRecord[],
  state: object,
  windowEnd: number,
): KinesisStreamTumblingWindowEvent {
  const start = new Date(windowEnd - 10_000).toISOString();
  return {
    Records: [...records],
    window: { start, end: new Date(windowEnd).toISOString() },
    state,
    isFinalInvokeForWindow: false,
    isWindowTerminatedEarly: false,
  };
}
