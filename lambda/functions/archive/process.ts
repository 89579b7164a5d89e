import { mapBounded } from '../../batch/map-bounded.ts';
import {
  type ArchivedStream,
  archivedStreams,
  archiveKey,
  archiveLine,
  archiveObjectOf,
} from '../../core/archive.ts';
import type { InputRecord } from '../../core/decode.ts';
import type { SourcePosition } from '../../core/ids.ts';
import type { ArchiveWriter } from '../../ports/ports.ts';

export interface ArchiveDependencies {
  readonly archive: ArchiveWriter;
  /** Names of the output streams. */
  readonly streams: Readonly<Record<ArchivedStream, string>>;
}

/** Objects at a time. */
const putsInFlight = 4;

/**
 * One batch of an output stream: kept as it is, in one object for each of its shards. Nothing in it can be wrong: what is no
 * JSON is kept as bytes. A batch that comes again in the same cut is the same objects; in another cut it overlaps those that
 * are there, and whoever reads takes each record once.
 *
 * @returns nothing of it fails alone
 * @throws when an object cannot be put, or the stream is none of the two: the whole batch comes again
 */
export async function processArchive(
  records: readonly InputRecord[],
  { archive, streams }: ArchiveDependencies,
): Promise<readonly SourcePosition[]> {
  const shards = Map.groupBy(records, ({ stream, source }) => `${stream}/${source.shardId}`);
  await mapBounded(putsInFlight, [...shards.values()], async (ofShard) => {
    const [first] = ofShard;
    const last = ofShard.at(-1);
    if (first === undefined || last === undefined) return;
    const key = archiveKey(archiveObjectOf(archivedAs(first.stream, streams), first, last));
    await archive.put(key, ofShard.map(archiveLine).join(''));
  });
  return [];
}

function archivedAs(name: string, streams: ArchiveDependencies['streams']): ArchivedStream {
  const stream = archivedStreams.find((each) => streams[each] === name);
  if (stream === undefined) throw new Error(`'${name}' is no stream that is archived`);
  return stream;
}
