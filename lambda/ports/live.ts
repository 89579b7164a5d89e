import type { LivePart } from '../core/live-part.ts';
import type { LiveSummary } from '../core/live-view.ts';

/** What the live function needs of the world. Lotteries are named by their channels (core/live-channel.ts). Times are ms. */

/** What a shard of an output stream has said of a lottery, up to a record of it. */
export interface StoredPart {
  /** Its sequence number. */
  readonly position: string;
  readonly part: LivePart;
}

export interface LoadedPart {
  /** Absent before the shard has said anything. */
  readonly stored?: StoredPart;
  /** Whether anything of the lottery was ever published. */
  readonly isKnown: boolean;
}

/** Of a lottery or of the list: what was published last, or is being published. */
export interface Publication {
  /** Of the newest view that somebody has begun to publish. 0: none. */
  readonly version: number;
  /** When its publishing began, or ended where it is done. */
  readonly publishedAt: number;
  /** Whether it was published to its end. */
  readonly isDone: boolean;
  /** Of its content, where it is done. */
  readonly digest: string;
}

export interface PartWrite {
  readonly channel: string;
  /** The inner id. */
  readonly lotteryId: string;
  readonly shard: string;
  readonly next: StoredPart;
  /** What has to be there still; undefined: nothing. */
  readonly before: StoredPart | undefined;
  readonly now: number;
}

/** Consistent reads. */
export interface LiveParts {
  /** By channel. @param shard `<stream>/<shardId>` */
  load(channels: readonly string[], shard: string): Promise<Map<string, LoadedPart>>;
  /** @returns false where something else is there by now */
  replace(write: PartWrite): Promise<boolean>;
  /** Of all shards. Undefined where none has said anything. */
  partsOf(channel: string): Promise<{ lotteryId: string; parts: LivePart[] } | undefined>;
}

/** Consistent reads. @param name a channel, or the list's */
export interface Publications {
  of(name: string): Promise<Publication>;
  /** Says that the next version is being published. @returns false where somebody else has begun since `loaded` */
  begin(name: string, loaded: Publication, now: number): Promise<boolean>;
  /** @returns false where somebody else has begun since */
  end(name: string, done: Publication): Promise<boolean>;
}

export interface ListedLottery {
  readonly summary: LiveSummary;
  readonly activeAt: number;
}

/** The list, a line for each lottery. Consistent reads. */
export interface LiveList {
  /** A line of a higher version stays as it is. */
  put(line: ListedLottery, version: number): Promise<void>;
  all(): Promise<ListedLottery[]>;
  /** Does nothing where it is not as old any more. */
  remove(line: ListedLottery): Promise<void>;
}

export interface Snapshots {
  /** @throws when it is not there after all */
  put(name: string, json: string): Promise<void>;
}

export interface LiveMessages {
  /** To all who are subscribed. @throws when it is not taken */
  publish(name: string, json: string): Promise<void>;
}
