import type { KillableHost } from './function-host.ts';

/** Lambda did not run the function (Lambda API reference, Invoke). No error of the function: it uses up no retry. */
export class ThrottledError extends Error {
  override readonly name = 'TooManyRequestsException';

  constructor() {
    super('Rate Exceeded.');
  }
}

/** A function that runs no more often at a time than is reserved for it: with 0 not at all, so that whoever reads waits. */
export class LimitedHost implements KillableHost {
  /** Undefined: there is no limit. */
  reservedConcurrency: number | undefined;
  readonly #host: KillableHost;
  #underWay = 0;

  constructor(host: KillableHost) {
    this.#host = host;
  }

  /** Whether the function may not run at all. */
  get isThrottled(): boolean {
    return this.reservedConcurrency === 0;
  }

  get coldStarts(): number {
    return this.#host.coldStarts;
  }

  /** @throws ThrottledError, too */
  async invoke(event: unknown): Promise<unknown> {
    if (this.#underWay >= (this.reservedConcurrency ?? Number.POSITIVE_INFINITY)) throw new ThrottledError();
    this.#underWay += 1;
    try {
      return await this.#host.invoke(event);
    } finally {
      this.#underWay -= 1;
    }
  }

  kill(environmentId?: string): Promise<void> {
    return this.#host.kill(environmentId);
  }

  close(): Promise<void> {
    return this.#host.close();
  }
}
