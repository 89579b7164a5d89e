import { randomUUID } from 'node:crypto';
import { FunctionError, type KillableHost } from '../function-host.ts';
import { responseOf } from '../payload.ts';
import { headerOfInvocation } from '../trace-header.ts';
import { ExecutionEnvironment } from './execution-environment.ts';

export interface WorkerHostOptions {
  functionName: string;
  functionArn: string;
  codeDirectory: string;
  handler: string;
  timeoutMs: number;
  memorySizeMb: number;
  /** CloudWatch log group of the function; its log streams are the execution environments. */
  logGroupName: string;
  /** The variables of one execution environment, by its id and the name of its log stream. */
  variables(environmentId: string, logStreamName: string): Readonly<Record<string, string>>;
  onLine(line: string): void;
}

/**
 * A function as Lambda runs it: an invocation takes a free execution environment or, when all are busy,
 * starts another one. There is no limit on their number: the event source mappings, and what is reserved for the function,
 * bound how many invocations there are at a time.
 */
export class WorkerHost implements KillableHost {
  readonly #options: WorkerHostOptions;
  readonly #environments = new Map<string, ExecutionEnvironment>();
  readonly #free: ExecutionEnvironment[] = [];
  #started = 0;
  #closed = false;

  constructor(options: WorkerHostOptions) {
    this.#options = options;
  }

  get functionName(): string {
    return this.#options.functionName;
  }

  /** Execution environments started so far, i.e. cold starts. */
  get coldStarts(): number {
    return this.#started;
  }

  async invoke(event: unknown): Promise<unknown> {
    if (this.#closed) {
      throw new FunctionError(this.functionName, 'Runtime.ExitError', 'The function was shut down');
    }
    const environment = this.#take();
    const requestId = randomUUID();
    const traceHeader = headerOfInvocation({ functionName: this.functionName, requestId, event });
    try {
      const response = await environment.invoke({ requestId, payload: JSON.stringify(event), traceHeader });
      return responseOf(this.functionName, response);
    } finally {
      this.#giveBack(environment);
    }
  }

  /**
   * Ends execution environments where they stand: the one with this id, or all.
   * Their invocations fail with `Runtime.ExitError`; the next ones start fresh environments.
   */
  async kill(environmentId?: string): Promise<void> {
    const targets = [...this.#environments.values()].filter(
      ({ id }) => environmentId === undefined || id === environmentId,
    );
    await Promise.all(targets.map((environment) => environment.kill()));
    for (const { id } of targets) this.#environments.delete(id);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.kill();
  }

  #take(): ExecutionEnvironment {
    for (let free = this.#free.pop(); free !== undefined; free = this.#free.pop()) {
      if (free.alive) return free;
      this.#environments.delete(free.id);
    }
    return this.#start();
  }

  #start(): ExecutionEnvironment {
    this.#started += 1;
    const { variables, onLine, timeoutMs, ...options } = this.#options;
    const id = `${options.functionName}.${this.#started}`;
    const logStreamName = `${new Date().toISOString().slice(0, 10).replaceAll('-', '/')}/[$LATEST]${id}`;
    const environment = new ExecutionEnvironment({
      id,
      bootstrap: { ...options, logStreamName },
      environment: variables(id, logStreamName),
      timeoutMs,
      onLine,
    });
    this.#environments.set(id, environment);
    return environment;
  }

  #giveBack(environment: ExecutionEnvironment): void {
    if (environment.alive) this.#free.push(environment);
    else this.#environments.delete(environment.id);
  }
}
