import type { Clock } from '../clock.ts';

/** A wait that somebody else can end: one loop waits, any number of others wake it. A wake in between is not lost. */
export class Wake {
  readonly #clock: Clock;
  #woken = false;
  #end: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  wake(): void {
    this.#woken = true;
    this.#end?.();
  }

  /** Returns when woken, when `ms` of the clock have passed (Infinity: never) or when the signal aborts. */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    if (!this.#woken && !signal.aborted) {
      const ended = new AbortController();
      // With a reason: an error that nobody reads takes longer to make than all else here.
      this.#end = () => ended.abort('woken');
      signal.addEventListener('abort', this.#end, { once: true });
      await this.#clock.sleep(ms, ended.signal);
      signal.removeEventListener('abort', this.#end);
      this.#end = undefined;
    }
    this.#woken = false;
  }
}

/** Tells any number of waiters that something changed, so that they look again. */
export class Changes {
  #waiters: (() => void)[] = [];

  announce(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const resolve of waiters) resolve();
  }

  /** Resolves at the next announcement, or when the signal aborts. */
  next(signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        signal?.removeEventListener('abort', done);
        resolve();
      };
      this.#waiters.push(done);
      signal?.addEventListener('abort', done, { once: true });
    });
  }
}
