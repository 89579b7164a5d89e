import type { LateEntry, StoredDraw } from '../core/draw.ts';
import type { TickMessage } from '../core/entries-records.ts';
import type { LotteryRun, LotteryState } from '../core/lottery.ts';
import type { GrantedRefund, UserState } from '../core/user.ts';
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

export interface KnownDraw {
  readonly stored: StoredDraw;
  readonly isNew: boolean;
  /** The entries that came too late for it so far, and what became of them. */
  readonly late: readonly LateEntry[];
}

export interface DrawStore {
  /** Stores the draw if there is none of that id. @returns what is there now, and whether it is new */
  putDrawIfAbsent(draw: StoredDraw): Promise<KnownDraw>;
  /** Stores with its draw what became of a late entry, if that is not known. @returns what is there now */
  putLateEntryIfAbsent(late: LateEntry): Promise<{ stored: LateEntry; isNew: boolean }>;
}

export interface RefundKey {
  readonly drawId: string;
  readonly entryId: string;
}

export interface Refunds {
  /** The refunds that were granted, by `refundKey`. Consistent read. */
  granted(keys: readonly RefundKey[]): Promise<Map<string, GrantedRefund>>;
}

export interface StreamRecord {
  readonly partitionKey: string;
  readonly value: object;
}

export interface StreamPublisher {
  /**
   * Puts all the records (JSON), in any order. Resolves when every one is in the stream.
   * @throws when one is not after all attempts; others may be in the stream then
   */
  publish(records: readonly StreamRecord[]): Promise<void>;
}

export interface TickQueue {
  /** @throws when one message is not in the queue after all attempts */
  send(messages: readonly TickMessage[]): Promise<void>;
}

export function refundKey({ drawId, entryId }: RefundKey): string {
  return `${drawId}/${entryId}`;
}
