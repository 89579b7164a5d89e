import type { EventLine } from '../../client/event-lines.ts';
import type { OutputEvent } from '../../client/output-events.ts';
import { printable } from './describe.ts';

/** Rejections of what is no event of this app at all, as against an event that the rules refuse. */
const NO_EVENT: ReadonlySet<string> = new Set(['INVALID_JSON', 'UNKNOWN_TYPE']);

const NEXT_STEP =
  'Next: npm run verify -- FILE checks the draws offline, FILE being what --json prints on stdout';

/** Counts what a replay has done. */
export class Summary {
  #lines = 0;
  #applied = 0;
  readonly #rejected = new Map<string, number>();
  readonly #draws = new Set<string>();
  readonly #windows = new Set<number>();
  readonly #winners = new Set<string>();
  #entries = 0;
  readonly #refunds = new Set<string>();
  #noEvents = 0;

  /** Lines that are not blank. */
  get lines(): number {
    return this.#lines;
  }

  /** Lines that were no event, for whatever reason, or could not be read. */
  get noEvents(): number {
    return this.#noEvents;
  }

  /** A line was read. */
  read(): void {
    this.#lines += 1;
  }

  /** A line could not be read, or not be put. */
  leftOut(): void {
    this.#noEvents += 1;
  }

  /** @returns a note for a line that was no event. */
  outcome({ number }: Pick<EventLine, 'number'>, event: OutputEvent): string | undefined {
    if (event.type !== 'EventRejectedEvent') {
      this.#applied += 1;
      return undefined;
    }
    const { reason, message } = event;
    this.#rejected.set(reason, (this.#rejected.get(reason) ?? 0) + 1);
    if (!NO_EVENT.has(reason)) return undefined;
    this.#noEvents += 1;
    return `Line ${number} is no event: ${printable(message)}`;
  }

  /** Every output event, also one that comes twice. */
  observe(event: OutputEvent): void {
    if (event.type === 'CouponRefundedEvent') this.#refunds.add(event.entryId);
    if (event.type !== 'LotteryWinnerEvent' || this.#draws.has(event.drawId)) return;
    this.#draws.add(event.drawId);
    this.#windows.add(event.windowStart);
    this.#winners.add(String(event.userId));
    this.#entries += event.entries;
  }

  /** How far it is, in a line. */
  get status(): string {
    return `${counted(this.#lines, 'line')} read, ${number(this.#settled)} processed, ${counted(this.#draws.size, 'draw')}`;
  }

  /** What was done, and what to do next, in lines. @param isFinished whether all of the input was processed. */
  text(isFinished: boolean): string {
    if (this.#lines + this.#noEvents === 0) {
      return isFinished ? 'The input holds no events: nothing was put' : 'Not finished: no line was read';
    }
    const reasons = [...this.#rejected]
      .toSorted(([, left], [, right]) => right - left)
      .map(([reason, count]) => `${number(count)} ${reason}`);
    const rejected = `${number(this.#rejections)} rejected${reasons.length > 0 ? ` (${reasons.join(', ')})` : ''}`;
    const open = isFinished ? '' : `, ${number(this.#lines - this.#settled)} without an outcome`;
    return [
      ...(isFinished ? [] : ['Not finished, so far:']),
      `${counted(this.#lines, 'line')}: ${number(this.#applied)} applied, ${rejected}${open}`,
      `${counted(this.#windows.size, 'window')}, ${counted(this.#draws.size, 'draw')} among ${counted(this.#entries, 'entry', 'entries')}, won by ${counted(this.#winners.size, 'user')}; ${counted(this.#refunds.size, 'refund')}`,
      ...(this.#noEvents > 0 ? [`${counted(this.#noEvents, 'line')} held no event`] : []),
      ...(isFinished && this.#draws.size > 0 ? [NEXT_STEP] : []),
    ].join('\n');
  }

  get #settled(): number {
    return this.#applied + this.#rejections;
  }

  get #rejections(): number {
    return [...this.#rejected.values()].reduce((sum, count) => sum + count, 0);
  }
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${number(count)} ${count === 1 ? one : many}`;
}

function number(count: number): string {
  return count.toLocaleString('en-US');
}
