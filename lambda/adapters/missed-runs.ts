import type { LotteryRun } from '../core/lottery.ts';
import { type RunKey, runKey } from '../core/window.ts';
import type { LotteryRuns } from '../ports/ports.ts';

/** How long a run that is not there is not looked for again, ms. */
const lifetimeMs = 60_000;
/** Beyond that the oldest are forgotten, and looked for again. */
const mostRemembered = 10_000;

/** Remembers what was not found: of a table that was cleared, or set back, each batch would look for the same runs. */
export class MissedRuns implements Pick<LotteryRuns, 'byRun'> {
  readonly #source: Pick<LotteryRuns, 'byRun'>;
  readonly #now: () => number;
  /** Until when, by run; in the order in which they were missed. */
  readonly #missed = new Map<string, number>();

  constructor(source: Pick<LotteryRuns, 'byRun'>, now: () => number) {
    this.#source = source;
    this.#now = now;
  }

  async byRun(keys: readonly RunKey[]): Promise<Map<string, LotteryRun>> {
    const now = this.#now();
    const wanted = keys.filter((key) => (this.#missed.get(runKey(key)) ?? 0) <= now);
    if (wanted.length === 0) return new Map();
    const found = await this.#source.byRun(wanted);
    for (const key of wanted.map(runKey)) {
      this.#missed.delete(key);
      if (!found.has(key)) this.#missed.set(key, now + lifetimeMs);
    }
    for (const key of this.#missed.keys()) {
      if (this.#missed.size <= mostRemembered) break;
      this.#missed.delete(key);
    }
    return found;
  }
}
