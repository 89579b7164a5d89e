/** Longer ones count as this long, ms. */
const LONGEST_MS = 600_000;

/** In ms; of nothing there are none. */
export interface Percentiles {
  p50: number;
  p95: number;
  p99: number;
}

/** How long many things took: to the millisecond, in the same memory whatever their number. */
export class Latencies {
  readonly #counts = new Uint32Array(LONGEST_MS + 1);
  #count = 0;

  /** @param ms less than 0 where the clocks of two machines differ: counts as 0 */
  add(ms: number): void {
    const place = Math.min(Math.max(Math.round(ms), 0), LONGEST_MS);
    this.#counts[place] = (this.#counts[place] ?? 0) + 1;
    this.#count += 1;
  }

  get percentiles(): Percentiles | undefined {
    if (this.#count === 0) return undefined;
    return { p50: this.#at(0.5), p95: this.#at(0.95), p99: this.#at(0.99) };
  }

  /** The least one that so large a share of them do not exceed. */
  #at(share: number): number {
    const rank = Math.max(1, Math.ceil(share * this.#count));
    let seen = 0;
    return this.#counts.findIndex((count) => {
      seen += count;
      return seen >= rank;
    });
  }
}
