import { priority } from '../../lambda/core/fairness.ts';
import { drawIdOf } from '../../lambda/core/window.ts';
import type { OutputEvent } from './output-events.ts';

/** How far ahead of now a draw may lie and still be waited for, beyond the length of a window, in ms. */
const PATIENCE_MS = 60_000;

/**
 * The two pairs of input and output stream. Record ids are told apart by it: a sequence number is unique in its
 * stream only, and the engine does give the first records of two streams the same one.
 */
export type Source = 'lottery' | 'user';

interface Entry {
  entryId: string;
  drawId: string;
}

/** An entry and where it takes part. */
interface PlacedEntry extends Entry {
  lotteryId: string | number;
  windowStart: number;
}

interface Run {
  lotteryId: string | number;
  run: number;
}

interface EndOfRun {
  lastWindowStart: number;
  isStopped?: boolean;
}

/** The end of a run that is waited for. */
interface Ending {
  lotteryId: string;
  lastDrawId: string;
  isStopped: boolean;
}

type Winner = Extract<OutputEvent, { type: 'LotteryWinnerEvent' }>;

export interface ProgressOptions {
  windowMs: number;
  now(): number;
}

/**
 * What the output streams still owe: the outcome of each record that was put, the draw of each accepted
 * click, the end of each lottery that will end. Fed with every output event; what comes twice changes nothing.
 */
export class Progress {
  readonly #options: ProgressOptions;
  readonly #outcomes = new Set<string>();
  readonly #expected = new Set<string>();
  readonly #winners = new Map<string, Winner>();
  /** Accepted entries whose draw is not settled, by entry id. */
  readonly #entries = new Map<string, Entry>();
  /** Entries that have left the draw of their receipt: the draw they are in now, or undefined for refunded. */
  readonly #moves = new Map<string, string | undefined>();
  /** Entries that came too late for a draw, by its id. */
  readonly #late = new Map<string, string[]>();
  /** By run. */
  readonly #endings = new Map<string, Ending>();
  /** Every draw that an accepted click was ever in. */
  readonly #drawIds = new Set<string>();
  readonly #ended = new Set<string>();
  readonly #later = new Set<string>();
  /** Lotteries with such a draw: they end after it. */
  readonly #openForLong = new Set<string>();

  constructor(options: ProgressOptions) {
    this.#options = options;
  }

  /** A record that was put: its outcome is waited for. */
  expect(source: Source, recordId: string): void {
    const key = outcomeOf(source, recordId);
    if (!this.#outcomes.has(key)) this.#expected.add(key);
  }

  /** Every record that was put has its outcome. */
  get allOutcomes(): boolean {
    return this.#expected.size === 0;
  }

  /** And every accepted click's draw is settled, and every lottery that ends has ended. */
  get complete(): boolean {
    return this.allOutcomes && this.#entries.size === 0 && this.#endings.size === 0;
  }

  /**
   * Whether a run of this lottery is about to end: it was stopped, or a click has taken part in its last prize's
   * draw. Until its end is announced the lottery cannot be started again.
   */
  isEnding(lotteryId: string): boolean {
    return [...this.#endings.values()].some(
      (ending) =>
        ending.lotteryId === lotteryId && (ending.isStopped || this.#drawIds.has(ending.lastDrawId)),
    );
  }

  /** Draws and ends too far in the future to wait for, in words. */
  get later(): readonly string[] {
    return [...this.#later];
  }

  /** What is still owed, in words. */
  get missing(): readonly string[] {
    const draws = new Set([...this.#entries.values()].map(({ drawId }) => `the draw ${drawId}`));
    return [
      ...this.#expected,
      ...draws,
      ...[...this.#endings.keys()].map((ending) => `the end of lottery ${ending}`),
    ];
  }

  observe(source: Source, event: OutputEvent): void {
    switch (event.type) {
      case 'ClickAcceptedEvent':
        this.#settleOutcome(source, event.entryId);
        this.#enter(event);
        break;
      case 'LotteryWinnerEvent':
        this.#winners.set(event.drawId, event);
        this.#settleDraw(event.drawId);
        break;
      case 'EntryMovedEvent':
        this.#leave(event.entryId, event.drawId);
        this.#settleBehind(event.entryId, event.fromDrawId);
        this.#waitFor(event);
        break;
      case 'CouponRefundedEvent':
        this.#settleOutcome(source, event.recordId);
        this.#leave(event.entryId, undefined);
        this.#settleBehind(event.entryId, event.drawId);
        break;
      case 'LotteryStartedEvent':
        this.#settleOutcome(source, event.recordId);
        if (event.prizes && event.firstWindowStart !== undefined) {
          const lastWindowStart = event.firstWindowStart + (event.prizes.length - 1) * this.#options.windowMs;
          this.#awaitEnd({ ...event, lastWindowStart });
        }
        break;
      case 'LotteryStoppedEvent':
        this.#settleOutcome(source, event.recordId);
        this.#awaitEnd({ ...event, isStopped: true });
        break;
      case 'LotteryEndedEvent':
        this.#ended.add(runOf(event));
        this.#endings.delete(runOf(event));
        break;
      case 'CouponsBoughtEvent':
      case 'EventRejectedEvent':
        this.#settleOutcome(source, event.recordId);
        break;
      default:
        event satisfies never;
    }
  }

  #settleOutcome(source: Source, recordId: string): void {
    const key = outcomeOf(source, recordId);
    this.#outcomes.add(key);
    this.#expected.delete(key);
  }

  #enter(receipt: PlacedEntry): void {
    this.#drawIds.add(receipt.drawId);
    if (!this.#moves.has(receipt.entryId)) this.#waitFor(receipt);
  }

  #leave(entryId: string, drawId: string | undefined): void {
    this.#moves.set(entryId, drawId);
    this.#entries.delete(entryId);
  }

  #waitFor({ entryId, drawId, lotteryId, windowStart }: PlacedEntry): void {
    if (this.#isSettled({ entryId, drawId })) return;
    if (this.#isFar(windowStart)) {
      this.#later.add(`the draw ${drawId}`);
      this.#openForLong.add(String(lotteryId));
    } else this.#entries.set(entryId, { entryId, drawId });
  }

  #settleDraw(drawId: string): void {
    for (const entry of this.#entries.values()) {
      if (entry.drawId === drawId && this.#isSettled(entry)) this.#entries.delete(entry.entryId);
    }
  }

  /**
   * An announced winner settles the entries that it beats. An entry that would have beaten it came too late
   * and is moved or refunded: that is still to come. Of the entries that came too late together only the best moves:
   * those behind it have lost to it. Receipts, winners and moves come in any order.
   */
  #isSettled({ entryId, drawId }: Entry): boolean {
    const winner = this.#winners.get(drawId);
    if (!winner) return false;
    const own = priority(winner.windowSeed, entryId);
    const late = this.#late.get(drawId) ?? [];
    return winner.priority <= own || late.some((better) => priority(winner.windowSeed, better) < own);
  }

  #settleBehind(lateEntryId: string, drawId: string): void {
    const late = this.#late.get(drawId) ?? [];
    if (!late.includes(lateEntryId)) this.#late.set(drawId, [...late, lateEntryId]);
    this.#settleDraw(drawId);
  }

  #awaitEnd({ lastWindowStart, isStopped = false, ...run }: Run & EndOfRun): void {
    const key = runOf(run);
    if (this.#ended.has(key)) return;
    const lotteryId = String(run.lotteryId);
    const isLate = this.#isFar(lastWindowStart) || this.#openForLong.has(lotteryId);
    if (isLate) this.#later.add(`the end of lottery ${key}`);
    else {
      this.#later.delete(`the end of lottery ${key}`);
      const lastDrawId = drawIdOf({ lotteryId, run: run.run, windowStart: lastWindowStart });
      this.#endings.set(key, { lotteryId, lastDrawId, isStopped });
    }
  }

  #isFar(windowStart: number): boolean {
    const { now, windowMs } = this.#options;
    return windowStart + windowMs > now() + windowMs + PATIENCE_MS;
  }
}

function outcomeOf(source: Source, recordId: string): string {
  return `the outcome of ${source} event ${recordId}`;
}

function runOf({ lotteryId, run }: Run): string {
  return `${lotteryId}, run ${run}`;
}
