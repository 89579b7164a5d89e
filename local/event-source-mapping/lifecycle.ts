import { Changes } from './wake.ts';

/** Enabled, disabled, stopped: runs a loop for as long as a mapping is enabled, one at a time. */
export class Lifecycle {
  readonly #run: (signal: AbortSignal) => Promise<void>;
  readonly changes = new Changes();
  #current: AbortController | undefined;
  /** Settles when the last run, and all before it, have ended. */
  #ended: Promise<void> = Promise.resolve();
  #stopped = false;

  /** @param run works until its signal aborts; called again at each `enable`. */
  constructor(run: (signal: AbortSignal) => Promise<void>) {
    this.#run = run;
  }

  get enabled(): boolean {
    return this.#current !== undefined;
  }

  /** @throws Error after `stop`. */
  checkNotStopped(): void {
    if (this.#stopped) throw new Error('The event source mapping was stopped');
  }

  /** @throws Error after `stop`. */
  enable(): void {
    if (this.#stopped) throw new Error('A stopped event source mapping cannot be enabled again');
    if (this.#current) return;
    const current = new AbortController();
    this.#current = current;
    this.#ended = this.#ended.then(() => this.#run(current.signal));
  }

  async disable(): Promise<void> {
    this.#current?.abort();
    this.#current = undefined;
    this.changes.announce();
    await this.#ended;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.disable();
  }

  /**
   * Waits until `condition` holds, looking again at every change.
   * @throws the signal's reason when it aborts; Error after `stop`.
   */
  async until(condition: () => boolean, signal?: AbortSignal): Promise<void> {
    while (!condition()) {
      signal?.throwIfAborted();
      this.checkNotStopped();
      await this.changes.next(signal);
    }
  }
}
