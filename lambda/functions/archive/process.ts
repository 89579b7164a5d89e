import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { inputRecordOf } from '../../batch/kinesis-batch.ts';
import {
  type ArchivedStream,
  archivedStreams,
  archiveKey,
  archiveLine,
  archiveObjectOf,
} from '../../core/archive.ts';
import type { ArchiveWriter } from '../../ports/ports.ts';

export interface ArchiveDependencies {
  readonly archive: ArchiveWriter;
  /** Names of the output streams. */
  readonly streams: Readonly<Record<ArchivedStream, string>>;
}

/**
 * One batch of an output stream: kept as it is, in one object. Nothing in it can be wrong: what is no JSON is kept as bytes.
 * A batch that comes again in the same cut is the same object; in another cut it overlaps those that are there, and whoever
 * reads takes each record once.
 *
 * @throws when the object cannot be put, or the stream is none of the two: the whole batch comes again
 */
export async function processArchive(
  { Records }: KinesisStreamEvent,
  { archive, streams }: ArchiveDependencies,
): Promise<KinesisStreamBatchResponse> {
  const records = Records.map((record) => inputRecordOf(record));
  const [first] = records;
  const last = records.at(-1);
  if (first !== undefined && last !== undefined) {
    const stream = streamOf(Records[0]?.eventSourceARN ?? '', streams);
    const key = archiveKey(archiveObjectOf(stream, first, last));
    await archive.put(key, records.map(archiveLine).join(''));
  }
  return { batchItemFailures: [] };
}

/** @param arn `arn:aws:kinesis:<region>:<account>:stream/<name>` */
function streamOf(arn: string, streams: ArchiveDependencies['streams']): ArchivedStream {
  const name = arn.slice(arn.lastIndexOf('/') + 1);
  const stream = archivedStreams.find((each) => streams[each] === name);
  if (stream === undefined) throw new Error(`'${arn}' is no stream that is archived`);
  return stream;
}
