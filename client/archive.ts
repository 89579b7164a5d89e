import {
  type ArchivedRecord,
  type ArchivedStream,
  archivedRecordOf,
  archivedStreams,
  dayOf,
} from '../lambda/core/archive.ts';
import { compareSequenceNumbers, type RecordPlace } from '../lambda/core/ids.ts';
import { merged, type Source } from './archive/merge.ts';
import {
  type ArchiveBucket,
  byShard,
  coveringObjects,
  listArchive,
  readObject,
  type StoredObject,
} from './archive/objects.ts';
import type { OuterStreams } from './streams/outer-streams.ts';

export interface ArchiveSource extends ArchiveBucket {
  readonly outer: OuterStreams;
  /** Physical names of the output streams. */
  readonly streams: Readonly<Record<ArchivedStream, string>>;
}

/** A record of an output stream. */
export interface OutputRecord extends ArchivedRecord {
  readonly stream: ArchivedStream;
}

/** How far a shard is archived, as far as it was read. */
export interface ShardStanding {
  readonly stream: ArchivedStream;
  readonly shardId: string;
  /** Arrival of the last record that the archive has, ms; undefined: none was read of it. */
  archivedUpTo: number | undefined;
  /** Records that are on the stream alone. */
  notArchived: number;
}

/** Times of arrival, ms. What lies just outside may come as well. */
export interface Span {
  readonly from?: number;
  readonly until?: number;
}

interface Shard {
  readonly stream: ArchivedStream;
  readonly shardId: string;
  /** Those to be read, in their order. */
  readonly objects: readonly StoredObject[];
  /** The last record that is archived; undefined: none is. */
  readonly last: string | undefined;
  /** Whether what is not archived yet belongs to it. */
  readonly isOpen: boolean;
}

const hourMs = 3_600_000;
/** Stamps of Kinesis and of S3 may be off each other by less, and S3's are whole seconds. */
const slackMs = 60_000;
/** How often it is asked whether all is archived. */
const pollMs = 1_000;

/** All that was ever on the output streams: from the archive, and from the streams what that does not have yet. */
export class OutputHistory {
  readonly #source: ArchiveSource;
  /** Of each shard that was read last. */
  readonly standings: ShardStanding[] = [];

  constructor(source: ArchiveSource) {
    this.#source = source;
  }

  /**
   * Each record once, in the order of arrival, up to what is on the streams now. It holds an object of each shard that was
   * open at a time, and no more.
   * @throws what the clients throw, and Error that names an object which is none of the archive's
   */
  async *records(
    streams: readonly ArchivedStream[],
    spans: Partial<Readonly<Record<ArchivedStream, Span>>> = {},
  ): AsyncGenerator<OutputRecord> {
    this.standings.length = 0;
    const shards = await Promise.all(streams.map((stream) => this.#shardsOf(stream, spans[stream] ?? {})));
    yield* merged(shards.flat().map((shard) => this.#shardSource(shard)));
  }

  /** The objects of a stream, those that were put last first. */
  async objects(stream: ArchivedStream): Promise<StoredObject[]> {
    const objects = await listArchive(this.#source, stream);
    return objects.toSorted((one, other) => other.storedAt - one.storedAt);
  }

  read(object: StoredObject): Promise<ArchivedRecord[]> {
    return readObject(this.#source, object);
  }

  /**
   * Waits until the archive has all that is on the streams now.
   * @throws the signal's reason when it is aborted
   */
  async archived(sleep: (ms: number) => Promise<void>, signal: AbortSignal): Promise<void> {
    const targets = await this.#lastRecords();
    for (;;) {
      const shards = (await Promise.all(archivedStreams.map((stream) => this.#shardsOf(stream, {})))).flat();
      const isThere = ({ stream, shardId, last }: Shard) => {
        const target = targets.get(`${stream}/${shardId}`);
        return target === undefined || (last !== undefined && compareSequenceNumbers(last, target) >= 0);
      };
      if (shards.every(isThere)) return;
      signal.throwIfAborted();
      await sleep(pollMs);
    }
  }

  /** The last sequence number of each shard that has something which is not archived. */
  async #lastRecords(): Promise<Map<string, string>> {
    const last = new Map<string, string>();
    for (const stream of archivedStreams) {
      for (const { shardId, last: after } of await this.#shardsOf(stream, {})) {
        for await (const record of this.#tailOf(stream, shardId, after))
          last.set(`${stream}/${shardId}`, placeOf(record).sequenceNumber);
      }
    }
    return last;
  }

  async #shardsOf(stream: ArchivedStream, { from, until }: Span): Promise<Shard[]> {
    const fromDay = from === undefined ? '' : dayOf(from - slackMs - (await this.#retentionMs(stream)));
    const untilDay = until === undefined ? '~' : dayOf(until);
    // First the archive: what it gets meanwhile is read from the stream, and not missed.
    const objects = byShard(await listArchive(this.#source, stream, fromDay));
    const open = await this.#source.outer.shards(this.#source.streams[stream]);
    const ids = new Set([...objects.keys(), ...open.map(({ shardId }) => shardId)]);
    const isOnStream = new Set(open.map(({ shardId }) => shardId));
    return [...ids].sort().map((shardId) => {
      const all = coveringObjects(objects.get(shardId) ?? []);
      const isWithin = ({ day, storedAt }: StoredObject) =>
        day <= untilDay && (from === undefined || storedAt >= from - slackMs);
      const isOver = all.some(({ day }) => day > untilDay);
      return {
        ...{ stream, shardId, objects: all.filter(isWithin), last: all.at(-1)?.last },
        isOpen: isOnStream.has(shardId) && !isOver,
      };
    });
  }

  /** An object is of the day of its first record, and was put as long as its last one was on the stream. */
  async #retentionMs(stream: ArchivedStream): Promise<number> {
    const { outer, streams } = this.#source;
    return (await outer.retentionHours(streams[stream])) * hourMs;
  }

  /** What is on a shard now, behind a record, as the archive will have it. */
  async *#tailOf(
    stream: ArchivedStream,
    shardId: string,
    after: string | undefined,
  ): AsyncGenerator<ArchivedRecord> {
    const { outer, streams } = this.#source;
    for await (const record of outer.tail({ stream: streams[stream], shardId, after })) {
      const { sequenceNumber, index, arrival, data } = record;
      const source = { shardId, sequenceNumber, ...(index !== undefined && { index }) };
      yield archivedRecordOf({ source, arrival, data: Buffer.from(data) });
    }
  }

  #shardSource(shard: Shard): Source<OutputRecord> {
    const [first] = shard.objects;
    return { startsAt: first === undefined ? 0 : Date.parse(first.day), records: this.#recordsOf(shard) };
  }

  async *#recordsOf({ stream, shardId, objects, last, isOpen }: Shard): AsyncGenerator<OutputRecord> {
    const standing: ShardStanding = { stream, shardId, archivedUpTo: undefined, notArchived: 0 };
    this.standings.push(standing);
    let read: RecordPlace = { sequenceNumber: '' };
    for (const object of objects) {
      for (const record of await readObject(this.#source, object)) {
        const place = placeOf(record);
        if (!isBehind(place, read)) continue;
        read = place;
        standing.archivedUpTo = record.arrival;
        yield { ...record, stream };
      }
    }
    if (!isOpen) return;
    for await (const record of this.#tailOf(stream, shardId, last)) {
      standing.notArchived += 1;
      yield { ...record, stream };
    }
  }
}

function placeOf({ recordId }: ArchivedRecord): RecordPlace {
  const [, sequenceNumber = '', index] = recordId.split(':');
  return index === undefined ? { sequenceNumber } : { sequenceNumber, index: Number(index) };
}

/** Also within an aggregated record. */
function isBehind(place: RecordPlace, other: RecordPlace): boolean {
  const order = compareSequenceNumbers(place.sequenceNumber, other.sequenceNumber);
  return order > 0 || (order === 0 && (place.index ?? 0) > (other.index ?? 0));
}
