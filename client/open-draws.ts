import { priority } from '../lambda/core/fairness.ts';
import type { OutputEvent } from './output-events.ts';

/** What is kept of a winner: it settles the entries that it beats. */
type Winner = Pick<Extract<OutputEvent, { type: 'LotteryWinnerEvent' }>, 'priority' | 'windowSeed'>;

/** Accepted entries and the draws that they wait for. Fed in any order; what comes twice changes nothing. */
export class OpenDraws {
  readonly #winners = new Map<string, Winner>();
  /** Entry ids by the draw that they take part in; no draw without entries. */
  readonly #open = new Map<string, Set<string>>();
  /** Entries that came too late, by the draw that they came too late for. */
  readonly #late = new Map<string, Set<string>>();

  /** Draws that entries wait for. */
  get drawIds(): readonly string[] {
    return [...this.#open.keys()];
  }

  get none(): boolean {
    return this.#open.size === 0;
  }

  /**
   * What becomes of the entry in this draw is known: it has left it, or it lost to the winner, or to one that came too
   * late. An entry that would have beaten the winner came too late and is moved or refunded: that is still to come. Of
   * those that came too late together only the best moves: those behind it have lost to it.
   */
  isSettled(entryId: string, drawId: string): boolean {
    const late = this.#late.get(drawId);
    if (late?.has(entryId)) return true;
    const winner = this.#winners.get(drawId);
    if (winner === undefined) return false;
    const own = priority(winner.windowSeed, entryId);
    if (winner.priority <= own) return true;
    return late !== undefined && [...late].some((other) => priority(winner.windowSeed, other) < own);
  }

  enter(entryId: string, drawId: string): void {
    const entries = this.#open.get(drawId);
    if (entries) entries.add(entryId);
    else this.#open.set(drawId, new Set([entryId]));
  }

  /** The draw has a winner. */
  draw(drawId: string, { priority: lowest, windowSeed }: Winner): void {
    this.#winners.set(drawId, { priority: lowest, windowSeed });
    this.#settle(drawId);
  }

  /** An entry came too late for this draw. */
  leave(entryId: string, drawId: string): void {
    const late = this.#late.get(drawId);
    if (late) late.add(entryId);
    else this.#late.set(drawId, new Set([entryId]));
    this.#settle(drawId);
  }

  #settle(drawId: string): void {
    const entries = this.#open.get(drawId);
    if (!entries) return;
    for (const entryId of entries) if (this.isSettled(entryId, drawId)) entries.delete(entryId);
    if (entries.size === 0) this.#open.delete(drawId);
  }
}
