import { GetRecordsCommand, GetShardIteratorCommand, type KinesisClient } from '@aws-sdk/client-kinesis';
import { type ArchivedRecord, archivedRecordOf } from '../../lambda/core/archive.ts';

export interface ShardOfStream {
  /** Physical name. */
  readonly stream: string;
  readonly shardId: string;
  /** The sequence number behind which to begin; undefined: at the oldest record. */
  readonly after: string | undefined;
}

/** Records of one read. */
const Limit = 1_000;

interface Page {
  Records?:
    | {
        Data?: Uint8Array | undefined;
        SequenceNumber?: string | undefined;
        ApproximateArrivalTimestamp?: Date | undefined;
      }[]
    | undefined;
  MillisBehindLatest?: number | undefined;
  NextShardIterator?: string | undefined;
}

/**
 * What is on a shard now, behind a record, as the archive will have it. An answer without records does not mean the end of a
 * shard: `MillisBehindLatest` tells (Kinesis API reference, GetRecords).
 * @throws what the client throws
 */
export async function* tailOf(
  kinesis: KinesisClient,
  { stream: StreamName, shardId: ShardId, after }: ShardOfStream,
): AsyncGenerator<ArchivedRecord> {
  const { ShardIterator } = await kinesis.send(
    new GetShardIteratorCommand({
      ...{ StreamName, ShardId },
      ...(after === undefined
        ? { ShardIteratorType: 'TRIM_HORIZON' }
        : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: after }),
    }),
  );
  let iterator = ShardIterator;
  while (iterator !== undefined) {
    const page: Page = await kinesis.send(new GetRecordsCommand({ ShardIterator: iterator, Limit }));
    const { Records: records = [], MillisBehindLatest: behind = 0 } = page;
    for (const { Data = new Uint8Array(), SequenceNumber = '', ApproximateArrivalTimestamp } of records) {
      const source = { shardId: ShardId, sequenceNumber: SequenceNumber };
      const arrival = ApproximateArrivalTimestamp?.getTime() ?? 0;
      yield archivedRecordOf({ source, arrival, data: Buffer.from(Data) });
    }
    // A full page may be one of several, whatever it says of the rest.
    if (behind === 0 && records.length < Limit) return;
    iterator = page.NextShardIterator ?? undefined;
  }
}
