import type { _Record as StreamRecord } from '@aws-sdk/client-kinesis';
import type { KinesisStreamRecord } from 'aws-lambda';

/** A record that was read and is on its way to the function. */
export interface PendingRecord {
  record: KinesisStreamRecord;
  sequenceNumber: string;
  /** Approximate arrival on the stream, ms since the epoch. */
  arrivalMs: number;
  /** When the mapping read it: its batching window counts from here. */
  readAtMs: number;
  /** Size in the payload: UTF-8 bytes of the record's JSON. */
  bytes: number;
  /** Processed, or given up. The shard's checkpoint stays below the first that is not. */
  done: boolean;
}

export interface RecordOrigin {
  streamArn: string;
  /** The stream's region. */
  region: string;
  shardId: string;
  /** The role that Lambda reads the stream with: the function's. */
  roleArn: string;
}

/**
 * One record as Lambda sends it (Lambda Developer Guide, "Using Lambda to process records from Amazon Kinesis Data
 * Streams"): data in base64, arrival in seconds with a fraction.
 * @throws Error when the stream left out one of the record's four fields, which Kinesis never does.
 */
export function toPendingRecord(source: StreamRecord, origin: RecordOrigin, readAtMs: number): PendingRecord {
  const { Data, PartitionKey, SequenceNumber, ApproximateArrivalTimestamp } = source;
  if (!Data || PartitionKey === undefined || !SequenceNumber || !ApproximateArrivalTimestamp) {
    throw new Error(
      `A record of ${origin.shardId} lacks its data, partition key, sequence number or arrival`,
    );
  }
  const arrivalMs = ApproximateArrivalTimestamp.getTime();
  const record: KinesisStreamRecord = {
    kinesis: {
      kinesisSchemaVersion: '1.0',
      partitionKey: PartitionKey,
      sequenceNumber: SequenceNumber,
      data: Buffer.from(Data.buffer, Data.byteOffset, Data.byteLength).toString('base64'),
      approximateArrivalTimestamp: arrivalMs / 1000,
    },
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventID: `${origin.shardId}:${SequenceNumber}`,
    eventName: 'aws:kinesis:record',
    invokeIdentityArn: origin.roleArn,
    awsRegion: origin.region,
    eventSourceARN: origin.streamArn,
  };
  return { record, sequenceNumber: SequenceNumber, arrivalMs, readAtMs, bytes: bytesOf(record), done: false };
}

/** The data, which is most of it, is base64: as many bytes as characters, and nothing in it to escape. */
function bytesOf(record: KinesisStreamRecord): number {
  const { data } = record.kinesis;
  const rest = { ...record, kinesis: { ...record.kinesis, data: '' } };
  return data.length + Buffer.byteLength(JSON.stringify(rest));
}

/** Order of two sequence numbers: decimals of up to 56 digits, so never compared as doubles. */
export function compareSequenceNumbers(a: string, b: string): number {
  const difference = a.length - b.length;
  if (difference !== 0) return difference;
  return a < b ? -1 : a > b ? 1 : 0;
}
