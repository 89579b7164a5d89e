import type { LotteryRun } from '../core/lottery.ts';
import type { RunKey } from '../core/window.ts';
import { runKey } from '../core/window.ts';
import type { LotteryRuns } from '../ports/ports.ts';

/** An active lottery may be taken from memory this long, ms; one that is not active is read every time. */
const lifetimeMs = 1000;

/**
 * Remembers active lotteries for a second. A click within a second after a stop may still be accepted: its coupon goes back
 * if its window lies behind the last one. Inactive lotteries are never remembered, so that every click is
 * accepted once `LotteryStartedEvent` is out, but for a start within a second after a stop that came late.
 */
export class CachedLotteries implements LotteryRuns {
  readonly #source: LotteryRuns;
  readonly #now: () => number;
  #remembered = new Map<string, { run: LotteryRun; until: number }>();

  constructor(source: LotteryRuns, now: () => number) {
    this.#source = source;
    this.#now = now;
  }

  async current(lotteryIds: readonly string[]): Promise<Map<string, LotteryRun>> {
    this.#forgetOld();
    const found = new Map<string, LotteryRun>();
    for (const lotteryId of lotteryIds) {
      const run = this.#remembered.get(lotteryId)?.run;
      if (run) found.set(lotteryId, run);
    }
    const missing = lotteryIds.filter((lotteryId) => !found.has(lotteryId));
    if (missing.length === 0) return found;
    const until = this.#now() + lifetimeMs;
    for (const [lotteryId, run] of await this.#source.current(missing)) {
      found.set(lotteryId, run);
      if (run.status === 'active')
        this.#remembered.set(lotteryId, { run, until: Math.min(until, lastEndOf(run)) });
    }
    return found;
  }

  /** For the run's seed: the commitment to it never changes, so that any memory of the run will do. */
  async byRun(keys: readonly RunKey[]): Promise<Map<string, LotteryRun>> {
    const found = new Map<string, LotteryRun>();
    for (const key of keys) {
      const run = this.#remembered.get(key.lotteryId)?.run;
      if (run?.run === key.run) found.set(runKey(key), run);
    }
    const missing = keys.filter((key) => !found.has(runKey(key)));
    if (missing.length === 0) return found;
    for (const [key, run] of await this.#source.byRun(missing)) found.set(key, run);
    return found;
  }

  #forgetOld(): void {
    const now = this.#now();
    for (const [lotteryId, { until }] of this.#remembered) {
      if (until <= now) this.#remembered.delete(lotteryId);
    }
  }
}

/** Behind it the lottery may have ended and been started again, as a run that takes clicks which this one does not. */
function lastEndOf({ lastWindowStart, windowMs }: LotteryRun): number {
  return lastWindowStart === undefined ? Number.POSITIVE_INFINITY : lastWindowStart + windowMs;
}
