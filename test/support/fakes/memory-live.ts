import type { LivePart } from '../../../lambda/core/live-part.ts';
import type {
  ListedLottery,
  LiveList,
  LiveMessages,
  LiveParts,
  LoadedPart,
  PartWrite,
  Publication,
  Publications,
  Snapshots,
  StoredPart,
} from '../../../lambda/ports/live.ts';
import type { Effects } from './journal.ts';

const nothing: Publication = { version: 0, publishedAt: 0, isDone: true, digest: '' };

/** The live table in memory. */
export class MemoryLive implements LiveParts, Publications, LiveList {
  readonly #effects: Effects;
  readonly shards = new Map<string, Map<string, StoredPart>>();
  readonly ids = new Map<string, string>();
  readonly published = new Map<string, Publication>();
  readonly lines = new Map<string, ListedLottery & { version: number }>();

  constructor(effects: Effects) {
    this.#effects = effects;
  }

  async load(channels: readonly string[], shard: string): Promise<Map<string, LoadedPart>> {
    return new Map(
      channels.map((channel) => {
        const stored = this.shards.get(channel)?.get(shard);
        return [channel, { ...(stored && { stored }), isKnown: this.published.has(channel) }];
      }),
    );
  }

  async replace({ channel, lotteryId, shard, next, before }: PartWrite): Promise<boolean> {
    return this.#effects.make(`part ${lotteryId} ${shard}`, () => {
      const ofLottery = this.shards.get(channel) ?? new Map<string, StoredPart>();
      if (ofLottery.get(shard)?.position !== before?.position) return false;
      this.shards.set(channel, ofLottery.set(shard, next));
      this.ids.set(channel, lotteryId);
      return true;
    });
  }

  async partsOf(channel: string): Promise<{ lotteryId: string; parts: LivePart[] } | undefined> {
    const ofLottery = this.shards.get(channel);
    if (ofLottery === undefined) return undefined;
    return { lotteryId: this.ids.get(channel) ?? '', parts: [...ofLottery.values()].map(({ part }) => part) };
  }

  async of(name: string): Promise<Publication> {
    await this.#effects.meanwhile(`of ${name}`);
    return this.published.get(name) ?? nothing;
  }

  async begin(name: string, { version, digest }: Publication, publishedAt: number): Promise<boolean> {
    return this.#effects.make(`begin ${name}`, () =>
      this.#set(name, { version: version + 1, publishedAt, isDone: false, digest }, version),
    );
  }

  async end(name: string, done: Publication): Promise<boolean> {
    return this.#effects.make(`end ${name}`, () => this.#set(name, done, done.version));
  }

  async put(line: ListedLottery, version: number): Promise<void> {
    this.#effects.make('line', () => {
      const { channel } = line.summary;
      if ((this.lines.get(channel)?.version ?? 0) < version) this.lines.set(channel, { ...line, version });
    });
  }

  async all(): Promise<ListedLottery[]> {
    return [...this.lines.values()].map(({ summary, activeAt }) => ({ summary, activeAt }));
  }

  async remove({ summary: { channel }, activeAt }: ListedLottery): Promise<void> {
    if (this.lines.get(channel)?.activeAt === activeAt) this.lines.delete(channel);
  }

  #set(name: string, publication: Publication, loaded: number): boolean {
    if ((this.published.get(name)?.version ?? 0) !== loaded) return false;
    this.published.set(name, publication);
    return true;
  }
}

export interface Sent {
  readonly name: string;
  readonly json: string;
  /** ms */
  readonly at: number;
}

/** What viewers have got. */
export class MemoryPage implements Snapshots, LiveMessages {
  readonly #effects: Effects;
  readonly #now: () => number;
  readonly snapshots = new Map<string, string>();
  readonly messages: Sent[] = [];

  constructor(effects: Effects, now: () => number) {
    this.#effects = effects;
    this.#now = now;
  }

  async put(name: string, json: string): Promise<void> {
    await this.#effects.meanwhile(`snapshot ${name}`);
    this.#effects.make(`snapshot ${name}`, () => this.snapshots.set(name, json));
  }

  async publish(name: string, json: string): Promise<void> {
    await this.#effects.meanwhile(`publish ${name}`);
    this.#effects.make(`message ${name}`, () => this.messages.push({ name, json, at: this.#now() }));
  }
}
