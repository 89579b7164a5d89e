import type { BeaconChain } from '../core/beacon.ts';
import type { Block } from '../core/block.ts';
import type { ClosedDraw } from '../core/closed-draw.ts';
import type { Refund, StoredDraw } from '../core/draw.ts';
import type { OpenDraws } from '../core/draw-state.ts';
import type { TickMessage } from '../core/entries-records.ts';
import type { Heartbeat } from '../core/events.ts';
import type { LotteryRun, LotteryState } from '../core/lottery.ts';
import type { RefundKey } from '../core/refund-key.ts';
import type { CouponGrant, GrantedRefund, UserState } from '../core/user.ts';
import type { RunKey } from '../core/window.ts';

/**
 * What the functions need of the world: the adapters (lambda/adapters) give it on AWS, the tests in memory (with
 * crashes wherever they like). Times are ms since the epoch.
 */

/** What became of one conditional write. A `failed` one may or may not have taken place. */
export type WriteResult =
  | { readonly kind: 'written' }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'failed'; readonly error: unknown };

export interface KeyedWrite<State> {
  readonly key: string;
  /** The state to store; its `version` is the one that must still be there, the stored one is one higher. */
  readonly state: State;
}

/** State by key, replaced as a whole if, and only if, its version is still the one that was loaded. */
export interface KeyedStore<State> {
  /** Keys that are not there are absent from the answer. `consistent`: sees every write that was confirmed. */
  load(keys: readonly string[], options: { consistent: boolean }): Promise<Map<string, State>>;
  /** One result for each write, in order. A result of one says nothing of another. */
  write(writes: readonly KeyedWrite<State>[]): Promise<WriteResult[]>;
}

export type UserStore = KeyedStore<UserState>;
export type LotteryEventStore = KeyedStore<LotteryState>;

/** Reads lotteries for those who do not change them by events. Consistent reads. */
export interface LotteryRuns {
  /** The runs of now; lotteries that were never started are absent from the answer. */
  current(lotteryIds: readonly string[]): Promise<Map<string, LotteryRun>>;
  /** Certain runs, of now or ended and replaced since, by `runKey`. */
  byRun(keys: readonly RunKey[]): Promise<Map<string, LotteryRun>>;
}

/** Keeps the seeds of runs. One that is kept twice, or for a run that was never written, does no harm. */
export interface SeedKeeper {
  /** @param seeds 32 bytes each, hex @throws when one is not stored after all attempts */
  keep(seeds: readonly string[]): Promise<void>;
}

/** Reads seeds by the commitments to them. Consistent reads. */
export interface Seeds {
  /** Those that are not there, or are not what was committed to, are absent from the answer. */
  byCommitment(commitments: readonly string[]): Promise<Map<string, string>>;
}

export interface LotteryEndings {
  /** Marks a run as ended, if it is still the run of now and not ended yet; else does nothing. */
  end(key: RunKey): Promise<void>;
}

/** @throws TextMissing (each of them) where a text that is stored apart from a draw is missing: so nobody takes it for none. */
export interface DrawStore {
  /** Stores the draw if there is none of that id. @returns what is there now, and whether it is new */
  putDrawIfAbsent(draw: StoredDraw): Promise<{ stored: StoredDraw; isNew: boolean }>;
  /** Consistent read. */
  drawOf(drawId: string): Promise<StoredDraw | undefined>;
}

/** The draws of a run that wait for their ticks, where no window of Lambda's holds them. Consistent. */
export interface OpenDrawStore {
  /** @throws TextMissing when something of it is not there: which draws it is of nobody knows */
  open(run: RunKey): Promise<OpenDraws>;
  /**
   * What is not there is left where it was, to be found again with the rest.
   * @param change is called again, with what is there then, when somebody else has changed it meanwhile
   * @throws when it is not stored after all attempts
   */
  change(run: RunKey, change: (open: OpenDraws) => OpenDraws): Promise<void>;
}

/** Texts under names that are the hashes of their contents: nobody can change one. */
export interface BlockWriter {
  /** @returns when it is there */
  put(name: string, text: string): Promise<void>;
}

export interface Blocks {
  /** Those that are not there, have not the contents that their names say, or are no blocks, are absent from the answer. */
  read(names: readonly string[]): Promise<Map<string, Block>>;
  /** The names in a list that was kept with what is open. Undefined where it is not there, as with blocks. */
  listed(list: string): Promise<readonly string[] | undefined>;
}

/** Keeps what was on the output streams. */
export interface ArchiveWriter {
  /** @param lines each with its end @throws when it is not there after all attempts */
  put(key: string, lines: string): Promise<void>;
}

/** Signs receipts. */
export interface ReceiptSigner {
  /** @param text what is signed @returns ECDSA P-256 with SHA-256, r ‖ s in base64url @throws when it cannot be had */
  sign(text: string): Promise<string>;
}

export interface ReceiptKeys {
  /** The key that receipts are checked with: SubjectPublicKeyInfo, base64. @throws when it cannot be had */
  publicKey(): Promise<string>;
}

/** Draws whose entries are fixed. @throws TextMissing as `DrawStore` */
export interface ClosedDrawStore {
  /** Stores it if there is none of that id. @returns what is there now: a second close cannot exist */
  closeIfAbsent(draw: ClosedDraw): Promise<ClosedDraw>;
  /** Consistent read. */
  closedOf(drawId: string): Promise<ClosedDraw | undefined>;
}

/** Public randomness. */
export interface Beacon {
  /**
   * @returns the signature of a round, hex, checked with the chain's key; undefined where it is not to be had now: not
   * published yet, no mirror in reach, or none that tells the truth
   */
  signatureOf(chain: BeaconChain, round: number): Promise<string | undefined>;
}

/** Everything that a draw was made of, to be recomputed by anyone. */
export interface SheetWriter {
  /** @param lines of the sheet, UTF-8 @returns its name: the SHA-256 of all of them, hex, once it is there */
  put(lines: readonly Buffer[]): Promise<string>;
}

/** Gives refunds to their users, each once. */
export interface Refunds {
  /** Those of them that are granted, by `refundKey`. Consistent read. */
  granted(keys: readonly RefundKey[]): Promise<Map<string, GrantedRefund>>;
  /** Says of refunds that their coupons went back. @param keys `refundKey`s */
  take(keys: readonly string[]): Promise<void>;
}

/** Gives grants to their users, each once. */
export interface Grants {
  /** Those of them that an operator has made, by their ids. Consistent read. */
  granted(grantIds: readonly string[]): Promise<Map<string, CouponGrant>>;
  /** Says of grants that their coupons were given. */
  take(grantIds: readonly string[]): Promise<void>;
}

/** Keeps the refunds that are granted. */
export interface RefundStore {
  /** Stores each if it is not known. @returns what is there now, in order, and how many are new */
  putIfAbsent(refunds: readonly Refund[]): Promise<{ stored: readonly Refund[]; isNew: number }>;
}

export interface StreamRecord {
  readonly partitionKey: string;
  /** Where it goes instead of where its partition key would bring it: a decimal of 128 bits. */
  readonly explicitHashKey?: string;
  /** What becomes JSON, or the JSON of it. */
  readonly value: object | string;
}

export interface StreamPublisher {
  /**
   * Puts all the records (JSON), in any order. Resolves when every one is in the stream.
   * @param records taken as they are put: those of a large batch, made on the way, are never in memory all at once
   * @throws when one is not after all attempts; others may be in the stream then
   */
  publish(records: Iterable<StreamRecord>): Promise<void>;
}

export interface TickQueue {
  /** @throws when one message is not in the queue after all attempts */
  send(messages: readonly TickMessage[]): Promise<void>;
}

/** How far a shard of an input stream is: everything in it up to there is processed, and published. */
export interface Progress {
  /** Arrival of the last record, ms. */
  readonly watermark: number;
  /** Its sequence number. */
  readonly position: string;
  /** In a replay: the largest time of a click or heartbeat up to there, ms. */
  readonly clock?: number | undefined;
}

export type InputName = 'lottery' | 'user';

export interface ShardKey {
  readonly input: InputName;
  readonly shardId: string;
}

export interface WatermarkWriter {
  /** Never back: what is there and further stays. */
  advance(shard: ShardKey, progress: Progress): Promise<void>;
}

export interface WatermarkReader {
  /** Those that are there, in the order of the shards. Consistent reads. */
  progressOf(shards: readonly ShardKey[]): Promise<(Progress | undefined)[]>;
}

/** Up to where all inputs are complete, as somebody found it out for everybody. Times in ms. */
export interface Completeness {
  readonly watermark: number;
  /** When somebody looked last, and when heartbeats were put last. */
  readonly lookedAt: number;
  readonly heartbeatAt: number;
  /** The shard that was least far then, as people are told of it. */
  readonly slowest: string;
  readonly version: number;
}

export interface CompletenessStore {
  /** Consistent read. Before anybody has looked: zeros. */
  known(): Promise<Completeness>;
  /** @returns false where somebody else has changed it since that version */
  replace(known: Completeness): Promise<boolean>;
}

/** An open shard, and what it is reached by, which whoever listed it understands: of Kinesis one of its hash keys. */
export interface OpenShard extends ShardKey {
  readonly target: string;
}

export interface InputShards {
  /** Those that are open now, of all inputs. */
  open(): Promise<OpenShard[]>;
  /** Those that a shard was split or merged from, and theirs, as far as they are known. */
  ancestors(shard: ShardKey): Promise<ShardKey[]>;
}

export interface HeartbeatSender {
  /** @throws when one is not on its shard after all attempts */
  send(shards: readonly OpenShard[], heartbeat: Heartbeat): Promise<void>;
}
