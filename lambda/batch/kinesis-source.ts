import type { KinesisStreamBatchResponse, KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';
import type { InputRecord } from '../core/decode.ts';
import type { SourcePosition } from '../core/ids.ts';
import type { BatchSource } from '../ports/source.ts';
import { asciiOf } from './ascii.ts';

/**
 * Lambda's Kinesis event, which is of one shard, and its partial batch response: everything from the sequence number named
 * comes again. The successes above it are delivered again too and have stored outcomes.
 */
export const kinesisSource: BatchSource<KinesisStreamEvent, KinesisStreamBatchResponse> = {
  records: ({ Records }) => recordsOf(Records),
  response: (firstFailed) => ({
    batchItemFailures: firstFailed.map(({ sequenceNumber }) => ({ itemIdentifier: sequenceNumber })),
  }),
};

function recordsOf(records: readonly KinesisStreamRecord[]): InputRecord[] {
  const all: InputRecord[] = [];
  // One string for all records of a shard: a cursor is looked up by it for every user.
  let shardId = '';
  let arn: string | undefined;
  let stream = '';
  for (const { eventID, eventSourceARN, kinesis } of records) {
    if (!isOfShard(eventID, shardId)) shardId = shardIdOf(eventID);
    if (eventSourceARN !== arn) {
      arn = eventSourceARN;
      stream = streamOf(arn);
    }
    all.push(new LambdaRecord(new LambdaSource(shardId, kinesis.sequenceNumber, eventID), stream, kinesis));
  }
  return all;
}

class LambdaSource implements SourcePosition {
  readonly shardId: string;
  readonly sequenceNumber: string;
  readonly recordId: string;

  constructor(shardId: string, sequenceNumber: string, recordId: string) {
    this.shardId = shardId;
    this.sequenceNumber = sequenceNumber;
    this.recordId = recordId;
  }
}

type KinesisPayload = KinesisStreamRecord['kinesis'];

/** A record whose bytes are made only for those who ask: an event of ASCII is read without them. */
class LambdaRecord implements InputRecord {
  readonly source: SourcePosition;
  readonly stream: string;
  readonly partitionKey: string;
  readonly arrival: number;
  readonly ascii: string | undefined;
  // Not a private name: to define one costs more than all the other members.
  private readonly base64: string;

  constructor(
    source: SourcePosition,
    stream: string,
    { data, partitionKey, approximateArrivalTimestamp }: KinesisPayload,
  ) {
    this.source = source;
    this.stream = stream;
    this.partitionKey = partitionKey;
    // Lambda gives seconds, with milliseconds behind the point.
    this.arrival = Math.round(approximateArrivalTimestamp * 1000);
    this.ascii = asciiOf(data);
    this.base64 = data;
  }

  get data(): Buffer {
    return Buffer.from(this.base64, 'base64');
  }
}

/** `eventID` is "<shardId>:<sequenceNumber>". */
function shardIdOf(eventID: string): string {
  return eventID.slice(0, eventID.indexOf(':'));
}

function isOfShard(eventID: string, shardId: string): boolean {
  return eventID[shardId.length] === ':' && eventID.startsWith(shardId);
}

/** @param arn `arn:aws:kinesis:<region>:<account>:stream/<name>` */
function streamOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
