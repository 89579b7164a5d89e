import type { TableDefinition } from '../../../../local/engines/table-definition.ts';
import { invalid } from '../errors.ts';
import type { Settings } from '../options.ts';
import type { Item } from './attributes.ts';
import { checkedSize } from './attributes.ts';
import { KeySchema, scanPosition } from './keys.ts';
import { Partitions } from './partitions.ts';

/** An item as it was written. */
export interface StoredItem {
  readonly item: Item;
  /** As DynamoDB counts it. */
  readonly bytes: number;
}

/** What there is from a time on; undefined: the item was deleted. */
interface Version {
  readonly at: number;
  readonly stored: StoredItem | undefined;
}

interface Entry {
  readonly scanPosition: string;
  /** Newest last; those that no read can see any more are gone. */
  readonly versions: Version[];
}

/** One table: items, and what they were before, for the reads that are behind. */
export class Table {
  readonly name: string;
  readonly definition: TableDefinition;
  readonly createdAt: number;
  readonly key: KeySchema;
  readonly partitions: Partitions;
  readonly #settings: Settings;
  readonly #entries = new Map<string, Entry>();

  /** @throws ServiceError when the key is not defined */
  constructor(name: string, definition: TableDefinition, settings: Settings) {
    this.name = name;
    this.definition = definition;
    this.#settings = settings;
    this.createdAt = settings.now();
    this.partitions = new Partitions(settings);
    this.key = new KeySchema(definition.KeySchema.map((element) => keyAttribute(element, definition)));
  }

  /**
   * The item as it is now or, for an eventually consistent read, as it was a moment ago: each item lies on hosts of
   * its own, so each is behind by another time.
   */
  read(identity: string, isConsistent: boolean): StoredItem | undefined {
    const versions = this.#entries.get(identity)?.versions;
    if (versions === undefined) return undefined;
    const { now, random, staleMs } = this.#settings;
    if (isConsistent || staleMs === 0) return versions.at(-1)?.stored;
    const seenAt = now() - random.below(staleMs + 1);
    return versions.findLast(({ at }) => at <= seenAt)?.stored;
  }

  /** The item as it is now. */
  get(identity: string): Item | undefined {
    return this.#stored(identity)?.item;
  }

  /** A write whose condition was not met costs as much as one that took place. */
  refused(identity: string): void {
    this.partitions.wrote(identity, this.#stored(identity)?.bytes ?? 0);
  }

  /** @throws ServiceError when the item is too large */
  set(identity: string, item: Item | undefined): void {
    const stored = item && { item, bytes: checkedSize(item) };
    this.partitions.wrote(identity, Math.max(stored?.bytes ?? 0, this.#stored(identity)?.bytes ?? 0));
    const { now, staleMs } = this.#settings;
    const at = now();
    const entry = this.#entry(identity);
    entry.versions.push({ at, stored });
    // The newest that every read sees: those before it are seen by none.
    const oldest = entry.versions.findLastIndex((version) => version.at <= at - staleMs);
    if (oldest > 0) entry.versions.splice(0, oldest);
    if (entry.versions.length === 1 && item === undefined) this.#entries.delete(identity);
  }

  /** All items, in the order of a scan. */
  *scan(isConsistent: boolean, afterIdentity?: string): Generator<StoredItem> {
    const after = afterIdentity === undefined ? '' : scanPosition(afterIdentity);
    const entries = [...this.#entries].sort(([, one], [, other]) =>
      one.scanPosition < other.scanPosition ? -1 : 1,
    );
    for (const [identity, entry] of entries) {
      if (entry.scanPosition <= after) continue;
      const stored = this.read(identity, isConsistent);
      if (stored !== undefined) yield stored;
    }
  }

  #stored(identity: string): StoredItem | undefined {
    return this.#entries.get(identity)?.versions.at(-1)?.stored;
  }

  #entry(identity: string): Entry {
    const known = this.#entries.get(identity);
    if (known !== undefined) return known;
    const entry = { scanPosition: scanPosition(identity), versions: [] };
    this.#entries.set(identity, entry);
    return entry;
  }
}

function keyAttribute(
  { AttributeName: name }: TableDefinition['KeySchema'][number],
  { AttributeDefinitions }: TableDefinition,
) {
  const type = AttributeDefinitions.find(({ AttributeName }) => AttributeName === name)?.AttributeType;
  if (type === undefined) throw invalid(`The key ${name} is not in AttributeDefinitions`);
  return { name, type };
}
