import type { KinesisClient, PutRecordsRequestEntry } from '@aws-sdk/client-kinesis';
import { writeAggregate } from '../core/kpl.ts';
import type { StreamPublisher, StreamRecord } from '../ports/ports.ts';
import { recordJson } from '../ports/record-json.ts';
import { KinesisPublisher } from './kinesis-publisher.ts';
import { type RetryPolicy, untilDone } from './retry.ts';
import { listShardMap, type ShardMap } from './shard-map.ts';

/**
 * A put is paid for by 25 KB begun: an aggregated record is as large as that at most, with its key and what the format adds. So a shard
 * is full of bytes, 1 MB a second, long before it has 1,000 records.
 */
const maximumBytes = 25_000;
/** What the format adds: to a record, and to an event at most (tags and lengths). */
const bytesOfRecord = 40;
const bytesOfEvent = 16;

/** After so many reshards on the way what was put is left where it is. */
const rounds = 3;

interface Event {
  readonly partitionKey: string;
  readonly data: Buffer;
}

interface Pack {
  readonly shardId: string;
  readonly events: Event[];
  bytes: number;
}

/**
 * Puts many events in one record, each with its own key, on the shard that these belong to: who looks for a key's events finds them
 * where they would be if they came alone. A lone one comes alone.
 */
export class AggregatingPublisher implements StreamPublisher {
  readonly #client: KinesisClient;
  readonly #stream: string;
  readonly #retry: RetryPolicy;
  readonly #publisher: KinesisPublisher;
  /** As it was when it was asked for last: what lands elsewhere tells that it has changed since. */
  #shards: Promise<ShardMap> | undefined;

  constructor(client: KinesisClient, stream: string, retry: RetryPolicy) {
    this.#client = client;
    this.#stream = stream;
    this.#retry = retry;
    this.#publisher = new KinesisPublisher(client, stream, retry);
  }

  async publish(records: Iterable<StreamRecord>): Promise<void> {
    let left = await this.#putAll(eventsOf(records));
    for (let round = 1; round < rounds && left.length > 0; round += 1) left = await this.#putAll(left);
  }

  /** @returns those that lie on a shard that is not theirs, as the stream is now: they are put once more */
  async #putAll(events: Iterable<Event>): Promise<Event[]> {
    const shards = await this.#shardMap();
    const underWay = new Map<PutRecordsRequestEntry, Pack>();
    const misplaced: (readonly [landed: string, Pack])[] = [];
    await this.#publisher.put(entriesOf(packsOf(events, shards), shards, underWay), (entry, landed) => {
      const pack = underWay.get(entry);
      underWay.delete(entry);
      if (pack !== undefined && pack.events.length > 1 && landed !== pack.shardId)
        misplaced.push([landed, pack]);
    });
    if (misplaced.length === 0) return [];
    this.#shards = undefined;
    const now = await this.#shardMap();
    return misplaced.flatMap(([landed, pack]) =>
      pack.events.filter(({ partitionKey }) => now.shardOf(partitionKey) !== landed),
    );
  }

  /** @throws what listing throws, after all attempts: the next call asks again */
  #shardMap(): Promise<ShardMap> {
    this.#shards ??= untilDone(this.#retry, () => listShardMap(this.#client, this.#stream)).catch(
      (error: unknown) => {
        this.#shards = undefined;
        throw error;
      },
    );
    return this.#shards;
  }
}

function* eventsOf(records: Iterable<StreamRecord>): Generator<Event> {
  for (const record of records)
    yield { partitionKey: record.partitionKey, data: Buffer.from(recordJson(record)) };
}

/** Each once it is full, and at the end those that are not. */
function* packsOf(events: Iterable<Event>, shards: ShardMap): Generator<Pack> {
  const open = new Map<string, Pack>();
  for (const event of events) {
    const shardId = shards.shardOf(event.partitionKey);
    const bytes = event.data.length + Buffer.byteLength(event.partitionKey) + bytesOfEvent;
    const pack = open.get(shardId);
    if (pack !== undefined && pack.bytes + bytes <= maximumBytes) {
      pack.events.push(event);
      pack.bytes += bytes;
      continue;
    }
    if (pack !== undefined) yield pack;
    open.set(shardId, { shardId, events: [event], bytes: bytesOfRecord + bytes });
  }
  yield* open.values();
}

/** @param underWay gets the pack of each */
function* entriesOf(
  packs: Iterable<Pack>,
  shards: ShardMap,
  underWay: Map<PutRecordsRequestEntry, Pack>,
): Generator<PutRecordsRequestEntry> {
  for (const pack of packs) {
    const entry = entryOf(pack, shards);
    underWay.set(entry, pack);
    yield entry;
  }
}

function entryOf({ shardId, events }: Pack, shards: ShardMap): PutRecordsRequestEntry {
  const [only, ...more] = events;
  if (only !== undefined && more.length === 0) return { PartitionKey: only.partitionKey, Data: only.data };
  return { PartitionKey: 'a', ExplicitHashKey: shards.hashKeyOf(shardId), Data: writeAggregate(events) };
}
