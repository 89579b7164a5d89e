import { drawIdOf } from '../lambda/core/window.ts';
import { OpenDraws } from './open-draws.ts';
import { type Channel, Outcomes } from './outcomes.ts';
import type { OutputEvent } from './output-events.ts';

export type { Channel } from './outcomes.ts';

/** How far ahead of now a draw may lie and still be waited for, beyond the length of a window, in ms. */
const PATIENCE_MS = 60_000;

/** An entry and where it takes part. */
interface PlacedEntry {
  entryId: string;
  drawId: string;
  lotteryId: string | number;
  windowStart: number;
}

interface Run {
  lotteryId: string | number;
  run: number;
}

/** The end of a run that is waited for. */
interface Ending {
  lastDrawId: string;
  isStopped: boolean;
}

export interface ExpectationsOptions {
  windowMs: number;
  now(): number;
}

/**
 * What the output streams still owe: the outcome of each record that was put, the draw of each accepted
 * click, the end of each lottery that will end. Fed with every output event; what comes twice changes nothing.
 */
export class Expectations {
  readonly outcomes = new Outcomes();
  readonly #options: ExpectationsOptions;
  readonly #draws = new OpenDraws();
  /** By lottery, then by run. No lottery without endings. */
  readonly #endings = new Map<string, Map<number, Ending>>();
  /** Every draw that an accepted click was ever in. */
  readonly #drawIds = new Set<string>();
  readonly #ended = new Set<string>();
  readonly #later = new Set<string>();
  /** Lotteries with such a draw: they end after it. */
  readonly #openForLong = new Set<string>();

  constructor(options: ExpectationsOptions) {
    this.#options = options;
  }

  /** A record that was put: its outcome is waited for. @param onOutcome called once, with the outcome. */
  expect(channel: Channel, recordId: string, onOutcome: (event: OutputEvent) => void = () => {}): void {
    this.outcomes.expect(channel, recordId, onOutcome);
  }

  /** A record that is not waited for any more: nothing will come of it. */
  giveUp(channel: Channel, recordId: string): void {
    this.outcomes.giveUp(channel, recordId);
  }

  /** Every record has its outcome, every accepted click's draw is settled, and every lottery that ends has ended. */
  get complete(): boolean {
    return this.outcomes.owed === 0 && this.#draws.none && this.#endings.size === 0;
  }

  /**
   * Whether a run of this lottery is about to end: it was stopped, or a click has taken part in its last prize's
   * draw. Until its end is announced the lottery cannot be started again.
   */
  isEnding(lotteryId: string): boolean {
    const endings = this.#endings.get(lotteryId)?.values() ?? [];
    return [...endings].some(({ isStopped, lastDrawId }) => isStopped || this.#drawIds.has(lastDrawId));
  }

  /** Draws and ends too far in the future to wait for, in words. */
  get later(): readonly string[] {
    return [...this.#later];
  }

  /** What is still owed, in words. */
  get missing(): readonly string[] {
    const endings = [...this.#endings].flatMap(([lotteryId, runs]) =>
      [...runs.keys()].map((run) => `the end of lottery ${runOf({ lotteryId, run })}`),
    );
    return [
      ...this.outcomes.missing(),
      ...this.#draws.drawIds.map((drawId) => `the draw ${drawId}`),
      ...endings,
    ];
  }

  observe(channel: Channel, event: OutputEvent): void {
    switch (event.type) {
      case 'ClickAcceptedEvent':
        this.#drawIds.add(event.drawId);
        this.#waitFor(event);
        this.outcomes.settle(channel, event.entryId, event);
        break;
      case 'LotteryWinnerEvent':
        this.#draws.draw(event.drawId, event);
        break;
      case 'EntryMovedEvent':
        this.#draws.leave(event.entryId, event.fromDrawId);
        this.#waitFor(event);
        break;
      case 'CouponRefundedEvent':
        this.#draws.leave(event.entryId, event.drawId);
        this.outcomes.settle(channel, event.recordId, event);
        break;
      case 'LotteryStartedEvent':
        if (event.prizes && event.firstWindowStart !== undefined) {
          const lastWindowStart = event.firstWindowStart + (event.prizes.length - 1) * this.#options.windowMs;
          this.#awaitEnd(event, lastWindowStart, false);
        }
        this.outcomes.settle(channel, event.recordId, event);
        break;
      case 'LotteryStoppedEvent':
        this.#awaitEnd(event, event.lastWindowStart, true);
        this.outcomes.settle(channel, event.recordId, event);
        break;
      case 'LotteryEndedEvent':
        this.#end(event);
        break;
      case 'CouponsBoughtEvent':
      case 'EventRejectedEvent':
        this.outcomes.settle(channel, event.recordId, event);
        break;
      default:
        event satisfies never;
    }
  }

  #waitFor({ entryId, drawId, lotteryId, windowStart }: PlacedEntry): void {
    if (this.#draws.isSettled(entryId, drawId)) return;
    if (this.#isFar(windowStart)) {
      this.#later.add(`the draw ${drawId}`);
      this.#openForLong.add(String(lotteryId));
    } else this.#draws.enter(entryId, drawId);
  }

  #awaitEnd({ lotteryId: id, run }: Run, lastWindowStart: number, isStopped: boolean): void {
    const lotteryId = String(id);
    const name = runOf({ lotteryId, run });
    if (this.#ended.has(name)) return;
    if (this.#isFar(lastWindowStart) || this.#openForLong.has(lotteryId)) {
      this.#later.add(`the end of lottery ${name}`);
      return;
    }
    this.#later.delete(`the end of lottery ${name}`);
    const runs = this.#endings.get(lotteryId) ?? new Map<number, Ending>();
    // A repetition of the start does not undo the stop.
    if (runs.get(run)?.isStopped) return;
    runs.set(run, { lastDrawId: drawIdOf({ lotteryId, run, windowStart: lastWindowStart }), isStopped });
    this.#endings.set(lotteryId, runs);
  }

  #end({ lotteryId: id, run }: Run): void {
    const lotteryId = String(id);
    this.#ended.add(runOf({ lotteryId, run }));
    const runs = this.#endings.get(lotteryId);
    if (runs?.delete(run) && runs.size === 0) this.#endings.delete(lotteryId);
  }

  #isFar(windowStart: number): boolean {
    const { now, windowMs } = this.#options;
    return windowStart + windowMs > now() + windowMs + PATIENCE_MS;
  }
}

function runOf({ lotteryId, run }: Run): string {
  return `${lotteryId}, run ${run}`;
}
