import { type Ending, Endings } from './endings.ts';
import { OpenDraws } from './open-draws.ts';
import { type Channel, Outcomes } from './outcomes.ts';
import type { OutputEvent } from './output-events.ts';

export type { Channel } from './outcomes.ts';

/** How far ahead of now a draw may lie and still be waited for, beyond the length of a window, in ms. */
const PATIENCE_MS = 60_000;

export interface ExpectationsOptions {
  windowMs: number;
  now(): number;
  /** Whether time is that of the events: then no draw is too far in the future to wait for. Default: false. */
  isReplay?: boolean;
}

/**
 * What the output streams still owe: the outcome of each record that was put, the draw or the refund of each accepted
 * click, the end of each lottery that will end. Fed with every output event; what comes twice changes nothing.
 */
export class Expectations {
  readonly outcomes = new Outcomes();
  readonly #options: ExpectationsOptions;
  readonly #draws = new OpenDraws();
  readonly #endings = new Endings();
  readonly #later = new Set<string>();
  /** Lotteries with a draw among those: they end after it. */
  readonly #openForLong = new Set<string>();
  /** The latest end of a draw's window, and the longest grace of a run, ms. */
  #latestEnd = 0;
  #longestGraceMs = 0;

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
    return this.outcomes.owed === 0 && this.#draws.none && this.#awaitedEndings.length === 0;
  }

  /** When the last window of a run of this lottery is complete, ms; undefined where none has a last window. */
  endOf(lotteryId: string): number | undefined {
    return this.#endings.endOf(lotteryId);
  }

  /**
   * The first time at which the windows of all draws and ends that are known are complete, ms: of events, in a replay. With
   * the last millisecond of their grace another click may still come. 0 where there are none.
   */
  get completeAt(): number {
    const draws = this.#latestEnd === 0 ? [] : [this.#latestEnd + this.#longestGraceMs];
    const ends = [...draws, ...this.#endings.all.map(({ at }) => at)];
    return ends.length === 0 ? 0 : Math.max(...ends) + 1;
  }

  /** Draws and ends too far in the future to wait for, in words. */
  get later(): readonly string[] {
    const ends = this.#endings.all.filter((ending) => !this.#isAwaited(ending));
    return [...this.#later, ...ends.map(({ name }) => `the end of lottery ${name}`)];
  }

  /** What is still owed, in words. */
  get missing(): readonly string[] {
    return [
      ...this.outcomes.missing(),
      ...this.#draws.drawIds.map((drawId) => `the draw ${drawId}`),
      ...this.#awaitedEndings.map(({ name }) => `the end of lottery ${name}`),
    ];
  }

  observe(channel: Channel, event: OutputEvent): void {
    switch (event.type) {
      case 'ClickAcceptedEvent':
        this.#waitFor(event);
        this.outcomes.settle(channel, event.entryId, event);
        break;
      case 'DrawClosedEvent':
        break;
      case 'LotteryWinnerEvent':
        this.#draws.draw(event.drawId, event);
        break;
      case 'CouponRefundedEvent':
        this.#draws.refund(event.entryId, event.drawId);
        this.outcomes.settle(channel, event.recordId, event);
        break;
      case 'LotteryStartedEvent':
        this.#longestGraceMs = Math.max(this.#longestGraceMs, event.graceMs);
        this.#endings.start(event, event, lastPrizeOf(event));
        this.outcomes.settle(channel, event.recordId, event);
        break;
      case 'LotteryStoppedEvent':
        this.#endings.stop(event, event.lastWindowStart);
        this.outcomes.settle(channel, event.recordId, event);
        break;
      case 'LotteryEndedEvent':
        this.#endings.end(event);
        break;
      case 'CouponsBoughtEvent':
      case 'CouponsGrantedEvent':
      case 'EventRejectedEvent':
        this.outcomes.settle(channel, event.recordId, event);
        break;
      default:
        event satisfies never;
    }
  }
  #waitFor({
    entryId,
    drawId,
    lotteryId,
    windowEnd,
  }: Extract<OutputEvent, { type: 'ClickAcceptedEvent' }>): void {
    this.#latestEnd = Math.max(this.#latestEnd, windowEnd);
    if (!this.#isFar(windowEnd)) {
      this.#draws.enter(entryId, drawId);
      return;
    }
    this.#later.add(`the draw ${drawId}`);
    this.#openForLong.add(String(lotteryId));
  }

  get #awaitedEndings(): readonly Ending[] {
    return this.#endings.all.filter((ending) => this.#isAwaited(ending));
  }

  #isAwaited({ lotteryId, at }: Ending): boolean {
    return !this.#openForLong.has(lotteryId) && !this.#isFar(at);
  }

  #isFar(at: number): boolean {
    const { now, windowMs, isReplay = false } = this.#options;
    return !isReplay && at > now() + windowMs + PATIENCE_MS;
  }
}

/** @returns the start of its window, ms; undefined for a lottery without prizes */
function lastPrizeOf({
  prizes,
  firstWindowStart,
  windowMs,
}: Extract<OutputEvent, { type: 'LotteryStartedEvent' }>): number | undefined {
  if (prizes === undefined || firstWindowStart === undefined) return undefined;
  return firstWindowStart + (prizes.length - 1) * windowMs;
}
