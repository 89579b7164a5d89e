import type { Channel } from '../../client/outcomes.ts';
import type { OutputEvent } from '../../client/output-events.ts';
import { printable } from '../start/describe.ts';
import { type FunctionRow, functionRows, type Status } from './functions.ts';
import { Lotteries, type LotteryRow } from './lotteries.ts';
import { Recent } from './recent.ts';

/** What is shown: all of it is text that is safe for a terminal. */
export interface ViewState {
  /** ms. */
  at: number;
  lotteries: readonly LotteryRow[];
  /** The latest window first. */
  winners: readonly WinnerRow[];
  /** The most frequent reason first. */
  rejected: readonly Count[];
  functions: readonly FunctionRow[];
  /** Absent where none are injected. */
  faults?: { total: number; byKind: readonly Count[] };
  /** The last one last. */
  notes: readonly Note[];
}

export type Count = readonly [what: string, count: number];

export interface WinnerRow {
  drawId: string;
  windowEnd: number;
  lotteryId: string;
  userId: string;
  entries: number;
  prize?: string;
}

export interface Note {
  at: number;
  text: string;
}

const KEPT_WINNERS = 100;
const KEPT_NOTES = 50;
/** Of one record come one or two rejections at most where nothing is repeated. */
const REMEMBERED = 10_000;

/** What an environment does, for people: fed with what comes of it, in any order and more than once. */
export class ViewModel {
  readonly #lotteries = new Lotteries();
  readonly #rejected = new Map<string, number>();
  readonly #seen = new Recent(REMEMBERED);
  readonly #notes: Note[] = [];
  readonly #failures = new Map<string, number>();
  #winners: WinnerRow[] = [];

  observe(channel: Channel, event: OutputEvent): void {
    this.#lotteries.observe(event);
    if (event.type === 'EventRejectedEvent') this.#reject(channel, event);
    if (event.type === 'LotteryWinnerEvent') this.#win(event);
  }

  /** Something beside the point, of several lines at most. */
  note(text: string, at: number): void {
    for (const line of text.split('\n')) this.#notes.push({ at, text: printable(line) });
    this.#notes.splice(0, this.#notes.length - KEPT_NOTES);
  }

  /** An invocation of it has failed. */
  failed(functionName: string): void {
    this.#failures.set(functionName, (this.#failures.get(functionName) ?? 0) + 1);
  }

  /** @param statuses of all event source mappings @param faults by kind, where they are injected */
  state(now: number, statuses: readonly Status[], faults?: Readonly<Record<string, number>>): ViewState {
    return {
      at: now,
      lotteries: this.#lotteries.rows(now),
      winners: this.#winners,
      rejected: byCount(this.#rejected),
      functions: functionRows(statuses, this.#failures),
      ...(faults && { faults: faultsOf(faults) }),
      notes: this.#notes,
    };
  }

  #reject(
    channel: Channel,
    { recordId, reason }: Extract<OutputEvent, { type: 'EventRejectedEvent' }>,
  ): void {
    if (!this.#seen.add(`${channel} ${recordId}`)) return;
    const known = printable(reason);
    this.#rejected.set(known, (this.#rejected.get(known) ?? 0) + 1);
  }

  #win(event: Extract<OutputEvent, { type: 'LotteryWinnerEvent' }>): void {
    const { drawId, windowEnd, entries, prize } = event;
    if (this.#winners.some((winner) => winner.drawId === drawId)) return;
    const row = {
      ...{ drawId, windowEnd, entries },
      lotteryId: printable(String(event.lotteryId)),
      userId: printable(String(event.userId)),
      ...(prize !== undefined && { prize: printable(prize) }),
    };
    this.#winners = [row, ...this.#winners]
      .sort((left, right) => right.windowEnd - left.windowEnd)
      .slice(0, KEPT_WINNERS);
  }
}

function faultsOf(byKind: Readonly<Record<string, number>>): NonNullable<ViewState['faults']> {
  const counts = byCount(new Map(Object.entries(byKind)));
  return { total: counts.reduce((sum, [, count]) => sum + count, 0), byKind: counts };
}

function byCount(counts: ReadonlyMap<string, number>): Count[] {
  return [...counts].sort(([, left], [, right]) => right - left);
}
