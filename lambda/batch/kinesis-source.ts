import type { KinesisStreamBatchResponse, KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';
import type { InputRecord } from '../core/decode.ts';
import type { SourcePosition } from '../core/ids.ts';
import { isAggregate } from '../core/kpl.ts';
import type { BatchSource } from '../ports/source.ts';
import { recordsIn } from './aggregated-records.ts';
import { asciiOf } from './ascii.ts';

/**
 * Lambda's Kinesis event, which is of one shard, and its partial batch response: everything from the sequence number named
 * comes again. The successes above it are delivered again too and have stored outcomes.
 */
export const kinesisSource: BatchSource<KinesisStreamEvent, KinesisStreamBatchResponse> = {
  reportsFailures: true,
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
    const source = new LambdaSource(shardId, kinesis.sequenceNumber, eventID);
    if (mayBeAggregate(kinesis.data)) all.push(...recordsOfOne(source, stream, kinesis));
    else all.push(new LambdaRecord(source, stream, kinesis));
  }
  return all;
}

/** The first bytes of an aggregated record, and two more bits of the fourth, in base64. */
function mayBeAggregate(base64: string): boolean {
  return base64.startsWith('84maw');
}

function recordsOfOne(source: LambdaSource, stream: string, kinesis: KinesisPayload): InputRecord[] {
  const data = Buffer.from(kinesis.data, 'base64');
  if (!isAggregate(data)) return [new LambdaRecord(source, stream, kinesis)];
  const { partitionKey } = kinesis;
  return recordsIn({ source, stream, partitionKey, arrival: arrivalOf(kinesis) }, data);
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

  constructor(source: SourcePosition, stream: string, kinesis: KinesisPayload) {
    this.source = source;
    this.stream = stream;
    this.partitionKey = kinesis.partitionKey;
    this.arrival = arrivalOf(kinesis);
    this.ascii = asciiOf(kinesis.data);
    this.base64 = kinesis.data;
  }

  get data(): Buffer {
    return Buffer.from(this.base64, 'base64');
  }
}

/** Lambda gives seconds, with milliseconds behind the point. @returns ms */
function arrivalOf({ approximateArrivalTimestamp }: KinesisPayload): number {
  return Math.round(approximateArrivalTimestamp * 1000);
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
