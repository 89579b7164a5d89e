import type { BeaconChain } from './beacon.ts';

/**
 * What the page shows, as it is published and kept: a message on a channel and the snapshot of the same are one JSON
 * document, always whole. Of two, the one of the higher `version` is the newer. Times are ms since the epoch, hashes, seeds
 * and signatures lower-case hexadecimal, ids as in docs/events.md.
 */

/** Bytes of UTF-8 that a view or the list takes at most: a message of AppSync Events may have 240 KB. */
export const maximumViewBytes = 60_000;
/** Windows with all that is known of them: the last ones. */
export const maximumWindows = 40;
/** Windows of which the number of entries is kept. */
export const maximumHistory = 360;
/** Lotteries in the list. */
export const maximumListed = 500;

/** Of one lottery: its last run. */
export interface LiveView {
  readonly version: number;
  /** When it was made. */
  readonly at: number;
  readonly lotteryId: number | string;
  readonly run: number;
  /** Ended: its last draw is made, and its seed revealed. */
  readonly state: 'open' | 'ended';
  readonly windowMs: number;
  readonly graceMs: number;
  /** Absent where nothing bounds the run from below (a replay). */
  readonly firstWindowStart?: number;
  /** As a stop or the prizes set it; it may lie before the first: then the run has no window. */
  readonly lastWindowStart?: number;
  /** Of the windows that were not over at `at`, in their order; where they are many or long, the next ones, and cut. */
  readonly prizes?: readonly string[];
  /** Which prize of the run the first of `prizes` is, from 0: that of the window `firstWindowStart + prizeIndex * windowMs`. */
  readonly prizeIndex?: number;
  /** Of the whole run. */
  readonly prizeCount?: number;
  readonly randomness: 'drand' | 'seed';
  /** With drand. */
  readonly chain?: BeaconChain;
  /** What receipts are checked with: SubjectPublicKeyInfo of an ECDSA P-256 key, base64. */
  readonly receiptKey: string;
  readonly seedCommitment: string;
  /** Once it has ended. */
  readonly seed?: string;
  /** Time is that of the clicks: there is nothing to count down to. */
  readonly isReplay?: true;
  /** Those that have entries, newest last. */
  readonly windows: readonly LiveWindow[];
  readonly history: LiveHistory;
  /** Events that named this lottery and were rejected, by reason, in all its runs. */
  readonly rejected: Readonly<Record<string, number>>;
}

/** Entries of consecutive windows, the newest last; none: no window yet. */
export interface LiveHistory {
  readonly firstWindowStart: number;
  readonly entries: readonly number[];
}

export interface LiveWindow {
  readonly windowStart: number;
  readonly entries: number;
  /** From the draw. Else counted of receipts: those that went out twice, after a crash, are counted twice. */
  readonly isExact: boolean;
  readonly state: 'open' | 'closed' | 'drawn';
  /** Once it is closed. */
  readonly root?: string;
  /** How many, once it is closed. */
  readonly blocks?: number;
  /** Of the beacon that draws, once it is closed; absent where the run has none. */
  readonly round?: number;
  readonly closedAt?: number;
  /** To the window's seed, once it is closed. */
  readonly commitment?: string;
  /** Once it is drawn. */
  readonly winner?: LiveWinner;
}

export interface LiveWinner {
  readonly userId: number | string;
  readonly entryId: string;
  readonly priority: string;
  /** Cut where it is long. */
  readonly prize?: string;
  /** The name of the draw's sheet. */
  readonly sheet: string;
  /** Absent where the run has no beacon. */
  readonly beaconSignature?: string;
  readonly windowSeed: string;
}

/** The list of lotteries, on a channel of its own. */
export interface LiveIndex {
  readonly version: number;
  readonly at: number;
  /** The most recently active first. */
  readonly lotteries: readonly LiveSummary[];
}

export interface LiveSummary {
  readonly lotteryId: number | string;
  /** The last part of its channel's name, and the name of its snapshot. */
  readonly channel: string;
  readonly run: number;
  readonly state: 'open' | 'ended';
  /** The newest window that has entries, and how many those are; without one: 0. */
  readonly windowStart?: number;
  readonly entries: number;
  /** Draws made in this run. */
  readonly winners: number;
}
