import type { RuntimeEvent } from '../../../../local/runtime-options.ts';

/** A time-out on a busy machine may come again; a record that fails its batch does so at every delivery. */
const mostRetries = 4;

/** Notices a batch that fails whenever it is delivered, so that a test need not wait for what cannot come. */
export class BrokenFunctions {
  readonly #broken = Promise.withResolvers<never>();
  readonly #lastErrors = new Map<string, string>();

  constructor() {
    // Whether somebody waits or not.
    this.#broken.promise.catch(() => {});
  }

  readonly observe = (event: RuntimeEvent): void => {
    if (event.type !== 'mapping') return;
    const { functionName, event: mapped } = event;
    if (mapped.type === 'failed') this.#lastErrors.set(functionName, mapped.reason);
    if (mapped.type !== 'retried' || mapped.retries < mostRetries) return;
    const batch = `A batch of ${mapped.records} fails in ${functionName} at each of ${mapped.retries} deliveries`;
    this.#broken.reject(new Error(`${batch}: ${this.#lastErrors.get(functionName)}`));
  };

  /** @throws Error when a function is broken before the work is done */
  race<Result>(work: Promise<Result>): Promise<Result> {
    return Promise.race([work, this.#broken.promise]);
  }
}
