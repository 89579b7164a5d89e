import type { KinesisStreamEvent, KinesisStreamRecord, KinesisStreamTumblingWindowEvent } from 'aws-lambda';
import { writeAggregate } from '../../lambda/core/kpl.ts';
import { recordJson } from '../../lambda/ports/record-json.ts';
import { toPendingRecord } from '../../local/event-source-mapping/kinesis/record.ts';

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
  /** What becomes JSON, or the JSON of it. */
  readonly value: object | string;
  /** ms since the epoch. */
  readonly arrival: number;
}

export function kinesisRecord({ value, ...record }: RecordContent): KinesisStreamRecord {
  return recordOf(Buffer.from(recordJson({ value })), record);
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
  /** The lottery of the nth click. */
  readonly lotteryOf: (n: number) => number;
  /** Timestamp and arrival of the nth click, ms. */
  readonly timeOf: (n: number) => number;
}

/** A batch of user-events-input. */
export function clickBatch(batch: ClickBatch): KinesisStreamEvent {
  const { first, clicks, timeOf } = batch;
  const Records = Array.from({ length: clicks }, (_, index) => {
    const position = first + index;
    const value = clickOf(batch, position);
    return kinesisRecord({
      ...{ position, value, partitionKey: String(value.userId) },
      arrival: timeOf(position),
    });
  });
  return { Records };
}

function clickOf({ userOf, lotteryOf, timeOf }: ClickBatch, n: number) {
  return { type: 'UserClickEvent', timestamp: timeOf(n), userId: userOf(n), lotteryId: lotteryOf(n) };
}

/** The same clicks in aggregated records, as the Producer Library makes them. @param perRecord clicks of one */
export function aggregatedBatch(batch: ClickBatch, perRecord: number): KinesisStreamEvent {
  const { first, clicks, timeOf } = batch;
  const Records: KinesisStreamRecord[] = [];
  for (let start = first; start < first + clicks; start += perRecord) {
    const length = Math.min(perRecord, first + clicks - start);
    const events = Array.from({ length }, (_, index) => {
      const value = clickOf(batch, start + index);
      return { partitionKey: String(value.userId), data: Buffer.from(JSON.stringify(value)) };
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
