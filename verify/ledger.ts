/**
 * Everything that the file says, each event once, sorted by draw. The output streams deliver at least once, so
 * an event may come again; the same event with other contents is a failure: two readers were told two things.
 */
import { Entries } from './entries.ts';
import {
  type Accepted,
  type Close,
  type DrawName,
  type End,
  type OutputEvent,
  type Refund,
  readLine,
  type Start,
  type Stop,
  type Winner,
} from './events.ts';
import { Findings } from './findings.ts';
import { entryLeaf } from './hashes.ts';
import { lineName, ownLine, Tally } from './lines.ts';
import { Proofs } from './proof.ts';
import type { Sheet } from './sheet.ts';
import { Signatures } from './signatures.ts';

export type Draw = DrawName & {
  winner?: Winner;
  close?: Close;
  /** Different ones that were given of it. */
  readonly sheets: Sheet[];
  /** Entries that are not in this draw after all, by entry id. */
  readonly refunds: Map<string, Refund>;
  /** How many entries of it have a receipt in the file. */
  receipts: number;
  /** Of the blocks that the receipts name. */
  readonly roots: Set<string>;
  /** What receipts give as its window's end, with the first line that does. */
  readonly windowEnds: Map<number, number>;
  /** Clicks that were accepted without a receipt that proves itself. */
  readonly unproven: Tally;
  /** Receipts that do not lead to the root that they name. */
  readonly astray: Tally;
};

export class Ledger {
  readonly findings = new Findings();
  readonly draws = new Map<string, Draw>();
  /** By `runLabel`. */
  readonly starts = new Map<string, Start>();
  readonly stops = new Map<string, Stop>();
  readonly ends = new Map<string, End>();
  readonly entries = new Entries();
  readonly signatures = new Signatures();
  /** Types of lines that were malformed: a draw without such an event may be that line's. */
  readonly unreadable = new Set<string>();
  /** The first event with each identity, but for receipts. */
  readonly #events = new Map<string, OutputEvent>();
  readonly #proofs = new Proofs();

  /** Takes one line of the file; `line` counts from 1. */
  addLine(text: string, line: number): void {
    if (text.trim() === '') return;
    const read = readLine(text, line);
    if (read.kind === 'not-json') this.findings.note('not JSON, ignored', `line ${line}`);
    if (read.kind === 'malformed') {
      this.findings.fail(`line ${line}`, read.reason);
      this.unreadable.add(read.type);
    }
    if (read.kind === 'event') this.add(read.event);
  }

  /** How many different events the file has. */
  get size(): number {
    return this.entries.size + this.#events.size;
  }

  add(event: OutputEvent): void {
    if (event.type === 'ClickAcceptedEvent') {
      this.#accept(event);
      return;
    }
    const key = identity(event);
    const first = this.#events.get(key);
    if (first === undefined) {
      this.#events.set(key, event);
      this.#file(event);
    } else if (JSON.stringify({ ...first, line: 0 }) !== JSON.stringify({ ...event, line: 0 })) {
      this.#differ(placeOf(first), event, first.line);
    }
  }

  /** A click that was processed again has a receipt for another block, and all else the same. */
  #accept(event: Accepted): void {
    const draw = this.#draw(event.draw);
    const { entry, isNew } = this.entries.add(event, draw);
    if (isNew) draw.receipts += 1;
    else if (!entry.isSame(event, draw)) this.#differ(entry.draw.drawId, event, entry.line);
    if (!draw.windowEnds.has(event.windowEnd)) draw.windowEnds.set(event.windowEnd, event.line);
    this.#checkName(event, event.windowStart);
    const root = this.#prove(event, draw);
    // Only of the first one: another may say another user, or another draw.
    if (isNew && root !== undefined && event.proof !== undefined) entry.prove({ ...event.proof, root });
  }

  /** @returns the root that it leads to */
  #prove({ proof, draw: { drawId }, entryId, userId, line }: Accepted, draw: Draw): string | undefined {
    if (proof === undefined) {
      draw.unproven.add(line);
      return undefined;
    }
    const roots = this.#proofs.rootsOf(entryLeaf(drawId, entryId, userId), proof);
    if (roots === undefined) {
      draw.astray.add(line);
      return undefined;
    }
    const { root, batchRoot } = roots;
    draw.roots.add(root);
    this.signatures.add({ run: runLabel(draw), batchRoot, signature: proof.signature, drawId, line });
    return root;
  }

  #file(event: Exclude<OutputEvent, Accepted>): void {
    switch (event.type) {
      case 'CouponRefundedEvent':
        this.#draw(event.draw).refunds.set(event.entryId, event);
        this.#checkName(event, event.draw.windowStart);
        return;
      case 'DrawClosedEvent':
        this.#draw(event.draw).close = event;
        this.#checkName(event, event.windowStart);
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
    const draw: Draw = {
      ...{ ...name, sheets: [], refunds: new Map(), receipts: 0, roots: new Set(), windowEnds: new Map() },
      ...{ unproven: new Tally(), astray: new Tally() },
    };
    this.draws.set(name.drawId, draw);
    return draw;
  }

  /** The draw's id and the event's own fields must say the same. */
  #checkName(event: Accepted | Refund | Close | Winner, windowStart: number): void {
    const { draw } = event;
    const run = 'run' in event ? event.run : draw.run;
    if (event.lotteryId === draw.lotteryId && windowStart === draw.windowStart && run === draw.run) return;
    const reason = `${event.type} on ${lineName(event.line)}: drawId does not fit its lotteryId, windowStart or run`;
    this.findings.failNext(draw.drawId, reason);
  }

  #differ(place: string, { type, line }: OutputEvent, first: number): void {
    const lines = first === ownLine ? `${lineName(first)} and line ${line}` : `lines ${first} and ${line}`;
    this.findings.fail(place, `two different ${type} where only one can be: ${lines}`);
  }
}

export function runLabel(of: { lotteryId: string; run: number }): string {
  return `lottery ${of.lotteryId}, run ${of.run}`;
}

/** There may be one refund an entry, one close and one winner a draw; one start, stop and end a run. */
function identity(event: Exclude<OutputEvent, Accepted>): string {
  switch (event.type) {
    case 'CouponRefundedEvent':
      return JSON.stringify([event.type, event.entryId]);
    case 'DrawClosedEvent':
    case 'LotteryWinnerEvent':
      return JSON.stringify([event.type, event.draw.drawId]);
    case 'LotteryStartedEvent':
    case 'LotteryStoppedEvent':
    case 'LotteryEndedEvent':
      return JSON.stringify([event.type, event.lotteryId, event.run]);
    default:
      return event satisfies never;
  }
}

/** Where a failure that concerns an event is reported. */
function placeOf(event: OutputEvent): string {
  return 'draw' in event ? event.draw.drawId : runLabel(event);
}
