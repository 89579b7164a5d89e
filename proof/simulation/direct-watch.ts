import type { StreamRecord } from '../../local/stream-reader.ts';
import type { Observations, Watch } from '../soak/observations.ts';

interface Waiting {
  readonly condition: () => boolean;
  readonly resolve: () => void;
}

/** Sees each record the moment that a stream has it: nobody polls, and nothing of the time between is missed. */
export class DirectWatch implements Watch {
  readonly #observations: Observations;
  readonly #streams: ReadonlySet<string>;
  /** Aborted when something failed: nothing more will come. */
  readonly #failed: AbortSignal;
  #waiting: Waiting[] = [];

  constructor(observations: Observations, failed: AbortSignal) {
    this.#observations = observations;
    this.#streams = new Set(observations.streams);
    this.#failed = failed;
  }

  get inputs(): Observations['inputs'] {
    return this.#observations.inputs;
  }

  get outputs(): Observations['outputs'] {
    return this.#observations.outputs;
  }

  add(record: StreamRecord): void {
    if (!this.#streams.has(record.stream)) return;
    this.#observations.add(record);
    if (this.#waiting.length === 0) return;
    const met = this.#waiting.filter(({ condition }) => condition());
    if (met.length === 0) return;
    this.#waiting = this.#waiting.filter((each) => !met.includes(each));
    for (const { resolve } of met) resolve();
  }

  throwIfFailed(): void {
    this.#failed.throwIfAborted();
  }

  async until(condition: () => boolean, deadline: AbortSignal): Promise<void> {
    const signal = AbortSignal.any([deadline, this.#failed]);
    signal.throwIfAborted();
    if (condition()) return;
    await new Promise<void>((resolve) => {
      this.#waiting.push({ condition, resolve });
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    signal.throwIfAborted();
  }

  async caughtUp(): Promise<void> {}

  async stop(): Promise<void> {
    this.#waiting = [];
  }
}
