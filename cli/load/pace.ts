import type { Clock } from '../../local/clock.ts';

/** How often events are put, ms. */
const TICK_MS = 50;

export interface Due {
  /** Counted from 0. */
  first: number;
  count: number;
  /** When the event of a place was due, ms. */
  dueAt(index: number): number;
}

export interface PaceOptions {
  /** Events a second. */
  rate: number;
  total: number;
  /** So many at a time at most. */
  most: number;
  clock: Clock;
  signal: AbortSignal;
}

/**
 * Events at a rate that does not hang on what comes of them: those that a busy machine was late for are due at once, and their
 * time is when they were due. Ends with the last one, or when the signal is aborted.
 */
export async function* pace({ rate, total, most, clock, signal }: PaceOptions): AsyncGenerator<Due> {
  const start = clock.now();
  const dueAt = (index: number) => start + (index / rate) * 1000;
  for (let first = 0; first < total && !signal.aborted; ) {
    const due = Math.min(Math.floor(((clock.now() - start) / 1000) * rate) + 1, total);
    const count = Math.min(due - first, most);
    if (count > 0) {
      yield { first, count, dueAt };
      first += count;
    } else {
      await clock.sleep(Math.max(TICK_MS, dueAt(first) - clock.now()), signal);
    }
  }
}
