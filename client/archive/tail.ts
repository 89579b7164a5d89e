import type { KinesisClient } from '@aws-sdk/client-kinesis';
import { type ArchivedRecord, archivedRecordOf } from '../../lambda/core/archive.ts';
import { type Clock, systemClock } from '../../local/clock.ts';
import { ShardReader } from '../../local/event-source-mapping/kinesis/reader.ts';
import { nextPage } from '../../local/stream-reader.ts';
import { inputRecordsOf } from '../aggregated.ts';

export interface ShardOfStream {
  /** Physical name. */
  readonly stream: string;
  readonly shardId: string;
  /** The sequence number behind which to begin; undefined: at the oldest record. */
  readonly after: string | undefined;
}

/** Records of one read. */
const LIMIT = 1_000;

/**
 * What is on a shard now, behind a record, as the archive will have it. An answer without records does not mean the end of a
 * shard: `MillisBehindLatest` tells (Kinesis API reference, GetRecords). It may be taken slowly, and
 * while others read: what is throttled is read again, and what an iterator that has expired would have read.
 * @throws what the client throws
 */
export async function* tailOf(
  kinesis: KinesisClient,
  { stream, shardId, after }: ShardOfStream,
  clock: Pick<Clock, 'sleep'> = systemClock,
): AsyncGenerator<ArchivedRecord> {
  const reader = new ShardReader(kinesis, { stream, shardId, after, limit: LIMIT });
  for (;;) {
    const { records, ended, behindMs } = await nextPage(reader, clock);
    for (const { Data, SequenceNumber, PartitionKey, ApproximateArrivalTimestamp } of records) {
      const place = { stream, shardId, sequenceNumber: SequenceNumber ?? '' };
      const arrival = ApproximateArrivalTimestamp?.getTime() ?? 0;
      const record = { ...place, partitionKey: PartitionKey ?? '', arrival, data: Data ?? new Uint8Array() };
      for (const event of inputRecordsOf(record)) yield archivedRecordOf(event);
    }
    // A full page may be one of several, whatever it says of the rest.
    if (ended || (behindMs === 0 && records.length < LIMIT)) return;
  }
}
