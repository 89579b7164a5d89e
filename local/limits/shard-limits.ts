import { Allowance } from './allowance.ts';

/** Kinesis Developer Guide, "Quotas and limits": of each shard, whether its stream is provisioned or on demand. */
const WRITES = { count: 1_000, size: 1_048_576 };
const READS = { count: 5, size: 2 * 1_048_576 };
const ITERATORS = { count: 5, size: Number.POSITIVE_INFINITY };

/** The most data of one answer to GetRecords (API reference). */
export const BYTES_OF_A_READ = 10 * 1_048_576;

/** API reference, PutRecords: more is refused as a whole. */
export const RECORDS_OF_A_CALL = 500;
export const BYTES_OF_A_RECORD = 1_048_576;

export const THROTTLED = 'ProvisionedThroughputExceededException';

export interface ShardPlace {
  readonly stream: string;
  readonly shardId: string;
}

/** What was refused because a shard had taken, or given, all that it does in a second. */
export interface Throttled extends ShardPlace {
  readonly operation: 'GetRecords' | 'GetShardIterator' | 'PutRecord' | 'PutRecords';
  /** Records, or calls. */
  readonly count: number;
}

/** What one shard takes and gives in a second, for all its producers and consumers together. */
export class ShardLimits {
  /** Of records: data and partition key. */
  readonly writes = new Allowance(WRITES);
  /** Of calls of GetRecords, and of their answers' data. */
  readonly reads = new Allowance(READS);
  /** Of calls of GetShardIterator. */
  readonly iterators = new Allowance(ITERATORS);

  /** Whether it can be read from now: the bytes are known afterwards only. */
  readonly isReadable = (now: number): boolean => this.reads.hasRoom(1, now);
}

/** "The error message includes the account ID, stream name, and shard ID" (API reference, PutRecordsResultEntry). */
export function rateExceeded(shardId: string, stream: string, accountId: string): string {
  return `Rate exceeded for shard ${shardId} in stream ${stream} under account ${accountId}.`;
}

/** The bytes that base64 stands for. */
export function bytesOfBase64(text: string): number {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return (text.length * 3) / 4 - padding;
}
