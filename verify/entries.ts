/** The entries of all draws, by column: a million of them are to fit into memory. */
import type { Accepted } from './events.ts';
import type { Draw } from './ledger.ts';

export type Entry = {
  /** Counted from 0, in the order in which they were added. */
  readonly place: number;
  readonly entryId: string;
  readonly userId: string;
  readonly draw: Draw;
  readonly timestamp: number;
  readonly arrival: number;
  readonly availableCoupons: number;
  readonly line: number;
  /** The number of the last sheet that has it; 0: none has. */
  readonly sheet: number;
};

export class Entries {
  readonly #places = new Map<string, number>();
  readonly #userIds: string[] = [];
  readonly #draws: Draw[] = [];
  readonly #timestamps: number[] = [];
  readonly #arrivals: number[] = [];
  readonly #coupons: number[] = [];
  readonly #lines: number[] = [];
  readonly #sheets: number[] = [];

  get size(): number {
    return this.#places.size;
  }

  /** @returns the entry as it was added first, if it was added before */
  add(event: Accepted, draw: Draw): Entry | undefined {
    const earlier = this.get(event.entryId);
    if (earlier !== undefined) return earlier;
    this.#places.set(event.entryId, this.#places.size);
    this.#userIds.push(event.userId);
    this.#draws.push(draw);
    this.#timestamps.push(event.timestamp);
    this.#arrivals.push(event.arrival);
    this.#coupons.push(event.availableCoupons);
    this.#lines.push(event.line);
    this.#sheets.push(0);
    return undefined;
  }

  get(entryId: string): Entry | undefined {
    const place = this.#places.get(entryId);
    return place === undefined ? undefined : this.#at(entryId, place);
  }

  *all(): Generator<Entry> {
    for (const [entryId, place] of this.#places) yield this.#at(entryId, place);
  }

  /** Says of an entry that a sheet has it. By its place: to look one of a million up by its id a second time takes long. */
  markIn({ place }: Entry, sheet: number): void {
    this.#sheets[place] = sheet;
  }

  isIn(entryId: string, sheet: number): boolean {
    const place = this.#places.get(entryId);
    return place !== undefined && this.#sheets[place] === sheet;
  }

  #at(entryId: string, place: number): Entry {
    const [userId, draw] = [this.#userIds[place], this.#draws[place]];
    if (userId === undefined || draw === undefined) throw new RangeError(`No entry at ${place}`);
    return {
      place,
      entryId,
      userId,
      draw,
      timestamp: this.#timestamps[place] ?? 0,
      arrival: this.#arrivals[place] ?? 0,
      availableCoupons: this.#coupons[place] ?? 0,
      line: this.#lines[place] ?? 0,
      sheet: this.#sheets[place] ?? 0,
    };
  }
}
