import * as z from 'zod/mini';
import { keptDays } from '../contract/live.ts';
import type { LivePart } from '../core/live-part.ts';
import { livePartSchema } from '../core/live-part.ts';
import type {
  LiveParts,
  LoadedPart,
  PartWrite,
  Publication,
  Publications,
  StoredPart,
} from '../ports/live.ts';
import type { Item } from './attribute-values.ts';
import type { ConditionalPut, DynamoTable } from './dynamo-table.ts';

/** `part` of what shards have said, and of what was published. */
const shardPrefix = 'shard/';
const view = 'view';

const partItemSchema = z.object({
  lottery: z.string(),
  lotteryId: z.string(),
  part: z.string(),
  /** A sequence number. */
  readUpTo: z.string(),
  /** JSON, of which DynamoDB needs to know nothing: maps of its own would take several times the room. */
  state: z.string(),
});

const publicationSchema = z.object({
  version: z.number(),
  publishedAt: z.number(),
  isDone: z.boolean(),
  digest: z.string(),
});

const nothingPublished: Publication = { version: 0, publishedAt: 0, isDone: true, digest: '' };

/**
 * The live table, key `lottery` (a channel) and `part`: `shard/<stream>/<shardId>` for what a shard of an output stream has
 * said of the lottery, `view` for what was published of it, and under `index` of the list, whose lines live-list-table.ts has.
 * DynamoDB drops an item some time after its `expiresAt`.
 */
export class LiveTable implements LiveParts, Publications {
  readonly #table: DynamoTable;
  readonly #now: () => number;

  constructor(table: DynamoTable, now: () => number) {
    this.#table = table;
    this.#now = now;
  }

  async load(channels: readonly string[], shard: string): Promise<Map<string, LoadedPart>> {
    const keys = channels.flatMap((lottery) => [
      { lottery, part: `${shardPrefix}${shard}` },
      { lottery, part: view },
    ]);
    const items = await this.#table.getAll(keys, true);
    const found = new Map<string, LoadedPart>();
    for (const item of items) {
      const lottery = String(item.lottery);
      const before = found.get(lottery);
      found.set(
        lottery,
        item.part === view
          ? { ...before, isKnown: true }
          : { isKnown: before?.isKnown ?? false, stored: storedPart(item) },
      );
    }
    return found;
  }

  async replace({ channel, lotteryId, shard, next, before }: PartWrite): Promise<boolean> {
    const item = {
      ...{ lottery: channel, part: `${shardPrefix}${shard}`, lotteryId, readUpTo: next.position },
      ...{ state: JSON.stringify(next.part), expiresAt: this.#expiresAt() },
    };
    return this.#put(
      before === undefined
        ? { item, condition: 'attribute_not_exists(lottery)' }
        : { item, condition: 'readUpTo = :before', values: { ':before': before.position } },
    );
  }

  async partsOf(channel: string): Promise<{ lotteryId: string; parts: LivePart[] } | undefined> {
    const items = await this.#table.query({ lottery: channel }, { part: shardPrefix });
    const read = items.map((item) => partItemSchema.parse(item));
    const [first] = read;
    if (first === undefined) return undefined;
    return {
      lotteryId: first.lotteryId,
      parts: read.map(({ state }) => livePartSchema.parse(JSON.parse(state))),
    };
  }

  async of(name: string): Promise<Publication> {
    const item = await this.#table.get({ lottery: name, part: view });
    return item ? publicationSchema.parse(item) : nothingPublished;
  }

  begin(name: string, { version, digest }: Publication, publishedAt: number): Promise<boolean> {
    return this.#putView(name, { version: version + 1, publishedAt, isDone: false, digest }, version);
  }

  end(name: string, done: Publication): Promise<boolean> {
    return this.#putView(name, done, done.version);
  }

  #putView(name: string, publication: Publication, loaded: number): Promise<boolean> {
    const item = { lottery: name, part: view, ...publication, expiresAt: this.#expiresAt() };
    return this.#put(
      loaded === 0
        ? { item, condition: 'attribute_not_exists(lottery)' }
        : { item, condition: 'version = :loaded', values: { ':loaded': loaded } },
    );
  }

  /** @returns false where the condition does not hold */
  async #put(put: ConditionalPut): Promise<boolean> {
    const [result] = await this.#table.putAll([put]);
    if (result?.kind === 'failed') throw result.error;
    return result?.kind === 'written';
  }

  #expiresAt(): number {
    return expiryOf(this.#now());
  }
}

/** Seconds since the epoch, as DynamoDB wants it. @param now ms */
export function expiryOf(now: number): number {
  return Math.floor(now / 1000) + keptDays * 86_400;
}

function storedPart(item: Item): StoredPart {
  const { readUpTo: position, state } = partItemSchema.parse(item);
  return { position, part: livePartSchema.parse(JSON.parse(state)) };
}
