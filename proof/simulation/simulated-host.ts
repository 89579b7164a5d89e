import { FunctionError, type KillableHost } from '../../local/function-host.ts';
import { responseOf } from '../../local/payload.ts';
import { headerOfInvocation } from '../../local/trace-header.ts';
import { jsonCopy } from './json-copy.ts';
import type { Scheduler } from './scheduler.ts';

/** One copy of a function, as Lambda starts it: what is in it is its own, and dies with it. */
export interface SimulatedEnvironment {
  /** As the caller of its AWS calls: `dev-user-events.1`. */
  readonly id: string;
  /** Nothing that it waits for ever comes once it is dead. */
  isAlive: boolean;
  /** Of the invocation under way: what it sends on carries it (local/trace-header.ts). */
  traceHeader: string | undefined;
}

export interface SimulatedHostOptions {
  readonly functionName: string;
  readonly timeoutMs: number;
  readonly scheduler: Scheduler;
  /** How long the next cold start takes, ms. */
  readonly coldStartMs: () => number;
  /** Loads the function's code into a new environment. @returns what is invoked */
  readonly start: (environment: SimulatedEnvironment) => (event: unknown) => Promise<unknown>;
}

interface Running extends SimulatedEnvironment {
  readonly work: (event: unknown) => Promise<unknown>;
  /** Fails the invocation under way. */
  fail: ((error: FunctionError) => void) | undefined;
}

/**
 * A function as Lambda runs it, in the time of a simulation: an invocation takes a free execution environment or, when
 * all are busy, starts another one; one that outlives its time-out, or is killed, dies where it stands.
 */
export class SimulatedHost implements KillableHost {
  readonly #options: SimulatedHostOptions;
  readonly #environments = new Set<Running>();
  readonly #free: Running[] = [];
  #started = 0;
  #requests = 0;
  #closed = false;

  constructor(options: SimulatedHostOptions) {
    this.#options = options;
  }

  /** Execution environments started so far. */
  get coldStarts(): number {
    return this.#started;
  }

  async invoke(event: unknown): Promise<unknown> {
    const { functionName, scheduler, timeoutMs, coldStartMs } = this.#options;
    if (this.#closed)
      throw new FunctionError(functionName, 'Runtime.ExitError', 'The function was shut down');
    const warm = this.#take();
    const environment = warm ?? this.#start();
    if (warm === undefined) await scheduler.clock.sleep(coldStartMs());
    // As Lambda hands it over: JSON, both ways.
    const payload = jsonCopy(event);
    const response = await new Promise<unknown>((resolve, reject) => {
      const fail = (error: FunctionError) => {
        cancel();
        reject(error);
      };
      const cancel = scheduler.after(timeoutMs, () =>
        this.#end(environment, 'Sandbox.Timedout', `Task timed out after ${timeoutMs / 1000} seconds`),
      );
      environment.fail = fail;
      if (!environment.isAlive) {
        fail(new FunctionError(functionName, 'Runtime.ExitError', 'The execution environment was killed'));
        return;
      }
      this.#requests += 1;
      const requestId = String(this.#requests).padStart(32, '0');
      environment.traceHeader = headerOfInvocation({ functionName, requestId, event: payload });
      environment.work(payload).then(
        (value) => {
          if (!environment.isAlive) return;
          cancel();
          environment.fail = undefined;
          this.#free.push(environment);
          resolve(value);
        },
        (error: unknown) => {
          if (!environment.isAlive) return;
          environment.fail = undefined;
          this.#free.push(environment);
          const { name, message } = error instanceof Error ? error : new Error(String(error));
          fail(new FunctionError(functionName, name, message, { cause: error }));
        },
      );
    });
    return responseOf(functionName, JSON.stringify(response));
  }

  /** Ends execution environments where they stand: the one with this id, or all. Their invocations fail. */
  async kill(environmentId?: string): Promise<void> {
    for (const environment of this.#environments) {
      if (environmentId !== undefined && environment.id !== environmentId) continue;
      this.#end(environment, 'Runtime.ExitError', 'The execution environment was killed');
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.kill();
  }

  #take(): Running | undefined {
    for (let free = this.#free.pop(); free !== undefined; free = this.#free.pop()) {
      if (free.isAlive) return free;
    }
    return undefined;
  }

  #start(): Running {
    this.#started += 1;
    const environment: SimulatedEnvironment = {
      id: `${this.#options.functionName}.${this.#started}`,
      isAlive: true,
      traceHeader: undefined,
    };
    const running: Running = Object.assign(environment, {
      work: this.#options.start(environment),
      fail: undefined,
    });
    this.#environments.add(running);
    return running;
  }

  #end(environment: Running, errorType: string, message: string): void {
    environment.isAlive = false;
    this.#environments.delete(environment);
    environment.fail?.(new FunctionError(this.#options.functionName, errorType, message));
    environment.fail = undefined;
  }
}
