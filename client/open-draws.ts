import { drawSeed } from '../lambda/core/beacon.ts';
import { priority } from '../lambda/core/fairness.ts';
import type { OutputEvent } from './output-events.ts';

/** What is kept of a winner: it tells whether all entries of its draw are accounted for. */
interface Winner extends Pick<WinnerEvent, 'priority' | 'entries'> {
  /** What priorities are made with. */
  readonly drawSeed: string;
}

type WinnerEvent = Extract<OutputEvent, { type: 'LotteryWinnerEvent' }>;

class Draw {
  winner: Winner | undefined;
  /** Entries that may be in the draw; none once as many are as the winner says. */
  readonly entered = new Set<string>();
  /** Entries that would have beaten the winner: they are not in the draw. */
  readonly missed = new Set<string>();

  get isSettled(): boolean {
    return this.entered.size === 0 && this.missed.size === 0;
  }
}

/**
 * Accepted entries and the draws that they wait for. An entry is in its draw, or it is refunded: its draw was made before
 * it came, or lies outside its run. Fed in any order; what comes twice changes nothing. Of an entry whose receipt comes
 * after the winner it is known only by its priority that it is not in the draw.
 */
export class OpenDraws {
  readonly #draws = new Map<string, Draw>();
  readonly #open = new Set<string>();
  /** Entries that were refunded, by draw. */
  readonly #refunded = new Map<string, Set<string>>();

  /** Draws that entries wait for. */
  get drawIds(): readonly string[] {
    return [...this.#open];
  }

  get none(): boolean {
    return this.#open.size === 0;
  }

  /** @returns whether the entry waits for its draw */
  enter(entryId: string, drawId: string): boolean {
    const draw = this.#drawOf(drawId);
    const { winner } = draw;
    if (this.#refunded.get(drawId)?.has(entryId)) return false;
    if (winner !== undefined && wouldBeat(entryId, winner)) draw.missed.add(entryId);
    else if (winner === undefined || draw.entered.size > 0) draw.entered.add(entryId);
    this.#note(drawId, draw);
    return draw.entered.has(entryId) || draw.missed.has(entryId);
  }

  /** The draw has a winner. */
  draw(
    drawId: string,
    {
      priority: lowest,
      windowSeed,
      beaconSignature,
      entries,
    }: Pick<WinnerEvent, 'priority' | 'windowSeed' | 'beaconSignature' | 'entries'>,
  ): void {
    const draw = this.#drawOf(drawId);
    if (draw.winner !== undefined) return;
    draw.winner = { priority: lowest, drawSeed: drawSeed(windowSeed, beaconSignature), entries };
    for (const entryId of draw.entered) {
      if (!wouldBeat(entryId, draw.winner)) continue;
      draw.entered.delete(entryId);
      draw.missed.add(entryId);
    }
    this.#note(drawId, draw);
  }

  /** The entry is in no draw: its coupon went back. */
  refund(entryId: string, drawId: string): void {
    const refunded = this.#refunded.get(drawId);
    if (refunded) refunded.add(entryId);
    else this.#refunded.set(drawId, new Set([entryId]));
    const draw = this.#drawOf(drawId);
    draw.entered.delete(entryId);
    draw.missed.delete(entryId);
    this.#note(drawId, draw);
  }

  #drawOf(drawId: string): Draw {
    const draw = this.#draws.get(drawId) ?? new Draw();
    this.#draws.set(drawId, draw);
    return draw;
  }

  #note(drawId: string, draw: Draw): void {
    if (draw.winner !== undefined && draw.entered.size <= draw.winner.entries) draw.entered.clear();
    if (draw.isSettled) this.#open.delete(drawId);
    else this.#open.add(drawId);
  }
}

function wouldBeat(entryId: string, winner: Winner): boolean {
  return priority(winner.drawSeed, entryId) < winner.priority;
}
