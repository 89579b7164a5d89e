/**
 * Everything that the file says, each event once, sorted by draw. The output streams deliver at least once, so
 * an event may come again; the same event with other contents is a failure: two readers were told two things.
 */
import type { DrawName, End, OutputEvent, Receipt, Refund, Start, Stop, Winner } from './events.ts';
import { readLine } from './events.ts';
import { Findings } from './findings.ts';

export type Draw = DrawName & {
  winner?: Winner;
  /** By entry id. */
  readonly receipts: Map<string, Receipt>;
  /** Entries that are not in this draw after all, by entry id. */
  readonly refunds: Map<string, Refund>;
};

export class Ledger {
  readonly findings = new Findings();
  readonly draws = new Map<string, Draw>();
  /** By `runLabel`. */
  readonly starts = new Map<string, Start>();
  readonly stops = new Map<string, Stop>();
  readonly ends = new Map<string, End>();
  /** By entry id. */
  readonly receipts = new Map<string, Receipt>();
  /** A draw without a winner may be that line's. */
  hasUnreadableWinner = false;
  /** The first event with each identity. */
  readonly #events = new Map<string, OutputEvent>();

  /** Takes one line of the file; `line` counts from 1. */
  addLine(text: string, line: number): void {
    if (text.trim() === '') return;
    const read = readLine(text, line);
    if (read.kind === 'not-json') this.findings.note('not JSON, ignored', `line ${line}`);
    if (read.kind === 'malformed') {
      this.findings.fail(`line ${line}`, read.reason);
      if (read.type === 'LotteryWinnerEvent') this.hasUnreadableWinner = true;
    }
    if (read.kind === 'event') this.#add(read.event);
  }

  /** How many different events the file has. */
  get size(): number {
    return this.#events.size;
  }

  #add(event: OutputEvent): void {
    const key = identity(event);
    const first = this.#events.get(key);
    if (first === undefined) {
      this.#events.set(key, event);
      this.#file(event);
    } else if (JSON.stringify({ ...first, line: 0 }) !== JSON.stringify({ ...event, line: 0 })) {
      const lines = `lines ${first.line} and ${event.line}`;
      this.findings.fail(placeOf(first), `two different ${event.type} where only one can be: ${lines}`);
    }
  }

  #file(event: OutputEvent): void {
    switch (event.type) {
      case 'ClickAcceptedEvent':
        this.receipts.set(event.entryId, event);
        this.#draw(event.draw).receipts.set(event.entryId, event);
        this.#checkName(event, event.windowStart);
        return;
      case 'CouponRefundedEvent':
        this.#draw(event.draw).refunds.set(event.entryId, event);
        this.#checkName(event, event.draw.windowStart);
        return;
      case 'LotteryWinnerEvent':
        this.#draw(event.draw).winner = event;
        this.#checkName(event, event.windowStart);
        return;
      case 'LotteryStartedEvent':
        this.starts.set(runLabel(event), event);
        return;
      case 'LotteryStoppedEvent':
        this.stops.set(runLabel(event), event);
        return;
      case 'LotteryEndedEvent':
        this.ends.set(runLabel(event), event);
        return;
      default:
        event satisfies never;
    }
  }

  #draw(name: DrawName): Draw {
    const known = this.draws.get(name.drawId);
    if (known !== undefined) return known;
    const draw: Draw = { ...name, receipts: new Map(), refunds: new Map() };
    this.draws.set(name.drawId, draw);
    return draw;
  }

  /** The draw's id and the event's own fields must say the same. */
  #checkName(event: Receipt | Refund | Winner, windowStart: number): void {
    const { draw } = event;
    const run = event.type === 'LotteryWinnerEvent' ? event.run : draw.run;
    if (event.lotteryId === draw.lotteryId && windowStart === draw.windowStart && run === draw.run) return;
    const reason = `${event.type} on line ${event.line}: drawId does not fit its lotteryId, windowStart or run`;
    this.findings.fail(draw.drawId, reason);
  }
}

export function runLabel(of: { lotteryId: string; run: number }): string {
  return `lottery ${of.lotteryId}, run ${of.run}`;
}

/** There may be one receipt an entry, one refund an entry, one winner a draw; one start, stop and end a run. */
function identity(event: OutputEvent): string {
  switch (event.type) {
    case 'ClickAcceptedEvent':
      return JSON.stringify(['receipt', event.entryId]);
    case 'CouponRefundedEvent':
      return JSON.stringify(['refund', event.entryId]);
    case 'LotteryWinnerEvent':
      return JSON.stringify(['winner', event.draw.drawId]);
    case 'LotteryStartedEvent':
      return JSON.stringify(['start', event.lotteryId, event.run]);
    case 'LotteryStoppedEvent':
      return JSON.stringify(['stop', event.lotteryId, event.run]);
    case 'LotteryEndedEvent':
      return JSON.stringify(['end', event.lotteryId, event.run]);
    default:
      return event satisfies never;
  }
}

/** Where a failure that concerns an event is reported. */
function placeOf(event: OutputEvent): string {
  return 'draw' in event ? event.draw.drawId : runLabel(event);
}
