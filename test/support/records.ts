import type {
  KinesisStreamEvent,
  KinesisStreamRecord,
  KinesisStreamTumblingWindowEvent,
  SQSEvent,
  SQSRecord,
} from 'aws-lambda';
import type { InputRecord, SourcedEvent } from '../../lambda/core/decode.ts';
import type { LotteryEvent, UserEvent } from '../../lambda/core/events.ts';
import type { SourcePosition } from '../../lambda/core/ids.ts';
import { toPendingRecord } from '../../local/event-source-mapping/kinesis/record.ts';

/** Records as Kinesis and Lambda make them, of whatever a test puts in. */

export const shardId = 'shardId-000000000000';

/** The sequence number of the nth record: 56 digits as on AWS, so that doubles cannot tell neighbours apart. */
export function sequenceNumber(n: number): string {
  return `4959033827149025660855969252836157109159${String(n).padStart(16, '0')}`;
}

export interface RecordOptions {
  readonly shard?: string;
  /** When the stream took the record, ms. */
  readonly arrival?: number;
  readonly partitionKey?: string;
}

/** JSON of objects; strings and bytes as they are. */
function bytesOf(content: unknown): Buffer {
  if (Buffer.isBuffer(content)) return content;
  return Buffer.from(typeof content === 'string' ? content : JSON.stringify(content));
}

/** As a producer has to choose it: the id of the user, or else of the lottery; any, where that cannot be one. */
function partitionKeyOf(content: unknown): string {
  if (typeof content !== 'object' || content === null) return 'key';
  const { userId, lotteryId }: { userId?: unknown; lotteryId?: unknown } = content;
  const key = String(userId ?? lotteryId ?? '');
  return key.length > 0 && key.length <= 256 && key.isWellFormed() ? key : 'key';
}

/** A record as the core sees it. */
export function inputRecord(
  source: SourcePosition,
  content: unknown,
  { arrival = 0, partitionKey = partitionKeyOf(content) }: Omit<RecordOptions, 'shard'> = {},
): InputRecord {
  return { source, stream: 'test', partitionKey, arrival, data: bytesOf(content) };
}

/** The nth record of a shard, as the core sees it. */
export function sourceRecordOf(n: number, content: unknown, options: RecordOptions = {}): InputRecord {
  return inputRecord(positionOf(n, options), content, options);
}

function positionOf(n: number, { shard = shardId }: RecordOptions) {
  return { shardId: shard, sequenceNumber: sequenceNumber(n) };
}

/** A decoded event at the nth position of its shard. */
export function sourced<Event extends UserEvent | LotteryEvent>(
  n: number,
  event: Event,
  options: RecordOptions = {},
): SourcedEvent<Event> {
  return { record: sourceRecordOf(n, event, options), event, original: event, place: 0 };
}

/** A record in a stream. */
export interface StoredRecord {
  readonly shardId: string;
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  readonly data: Buffer;
  /** When the stream took the record, ms since the epoch. */
  readonly arrival: number;
}

const origin = {
  streamArn: 'arn:aws:kinesis:us-east-1:000000000000:stream/test',
  region: 'us-east-1',
  roleArn: 'arn:aws:iam::000000000000:role/test',
};

/** The record as Lambda hands it to a function, by the runtime's own event source mapping. */
export function lambdaRecord(record: StoredRecord): KinesisStreamRecord {
  const read = {
    Data: record.data,
    PartitionKey: record.partitionKey,
    SequenceNumber: record.sequenceNumber,
    ApproximateArrivalTimestamp: new Date(record.arrival),
  };
  return toPendingRecord(read, { ...origin, shardId: record.shardId }, record.arrival).record;
}

/** The nth record of a shard, as Lambda hands it to a function. */
export function kinesisRecord(n: number, content: unknown, options: RecordOptions = {}): KinesisStreamRecord {
  const { arrival = 0, partitionKey = partitionKeyOf(content) } = options;
  return lambdaRecord({ ...positionOf(n, options), partitionKey, arrival, data: bytesOf(content) });
}

/** A batch of one shard: the first record at position `first`, the others after it. */
export function kinesisEvent(
  contents: readonly unknown[],
  { first = 1, ...options }: RecordOptions & { readonly first?: number } = {},
): KinesisStreamEvent {
  return { Records: contents.map((content, index) => kinesisRecord(first + index, content, options)) };
}

export interface WindowOptions {
  readonly state?: unknown;
  /** End of Lambda's own window, ms. */
  readonly windowEnd?: number;
  readonly final?: boolean;
  readonly early?: boolean;
}

/** An invocation of a tumbling window. `state` goes through JSON, as it does in Lambda. */
export function tumblingEvent(
  records: readonly KinesisStreamRecord[],
  { state = {}, windowEnd = 10_000, final = false, early = false }: WindowOptions = {},
): KinesisStreamTumblingWindowEvent {
  return {
    Records: [...records],
    window: {
      start: new Date(windowEnd - 10_000).toISOString(),
      end: new Date(windowEnd).toISOString(),
    },
    state: JSON.parse(JSON.stringify(state)),
    isFinalInvokeForWindow: final,
    isWindowTerminatedEarly: early,
  };
}

export function sqsRecord(messageId: string, body: unknown): SQSRecord {
  return {
    messageId,
    receiptHandle: messageId,
    body: typeof body === 'string' ? body : JSON.stringify(body),
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '0',
      SenderId: 'test',
      ApproximateFirstReceiveTimestamp: '0',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:test',
    awsRegion: 'us-east-1',
  };
}

export function sqsEvent(records: readonly SQSRecord[]): SQSEvent {
  return { Records: [...records] };
}
