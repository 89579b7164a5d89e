import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import { FunctionError } from '../function-host.ts';
import type { BootstrapData, BootstrapMessage, InvokeMessage, SerializedError } from './protocol.ts';

/** Lambda's own limit for the init phase. https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html */
const INIT_TIMEOUT_MS = 10_000;

export interface ExecutionEnvironmentOptions {
  id: string;
  bootstrap: BootstrapData;
  environment: Readonly<Record<string, string>>;
  timeoutMs: number;
  /** One line that the function wrote to stdout or stderr. */
  onLine(line: string): void;
}

interface PendingAnswer {
  requestId: string;
  resolve(payload: string | undefined): void;
  reject(error: FunctionError): void;
}

/**
 * A worker thread that holds one copy of a function's code and handles one invocation at a time. Once it has
 * timed out, crashed or been killed it is gone for good: `alive` is false and the pool makes another one.
 */
export class ExecutionEnvironment {
  readonly id: string;
  readonly #options: ExecutionEnvironmentOptions;
  readonly #worker: Worker;
  readonly #ready: Promise<void>;
  #pending: PendingAnswer | undefined;
  #ended: FunctionError | undefined;

  constructor(options: ExecutionEnvironmentOptions) {
    this.id = options.id;
    this.#options = options;
    this.#worker = new Worker(new URL('./bootstrap.mjs', import.meta.url), {
      workerData: options.bootstrap,
      // Nothing of the host's own environment: what the function sees is what the template and Lambda set.
      env: { ...options.environment },
      execArgv: [],
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: options.bootstrap.memorySizeMb },
    });
    this.#ready = this.#started();
    // An environment that fails to start is reported to the invocation that waits for it, if there is one.
    this.#ready.catch(() => {});
    this.#capture(this.#worker.stdout);
    this.#capture(this.#worker.stderr);
  }

  get alive(): boolean {
    return this.#ended === undefined;
  }

  /**
   * @returns the response as JSON, or undefined for none.
   * @throws FunctionError; whether the environment survived it, `alive` says.
   */
  async invoke(invocation: Omit<InvokeMessage, 'deadline'>): Promise<string | undefined> {
    await this.#ready;
    const { timeoutMs } = this.#options;
    // The function runs on the machine's time whatever clock the event source mappings are given.
    const timer = setTimeout(() => {
      const seconds = (timeoutMs / 1000).toFixed(2);
      void this.#end('Sandbox.Timedout', `${invocation.requestId} Task timed out after ${seconds} seconds`);
    }, timeoutMs);
    try {
      return await this.#send({ ...invocation, deadline: Date.now() + timeoutMs });
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends the thread where it stands, in the middle of an invocation or not. */
  async kill(): Promise<void> {
    await this.#end('Runtime.ExitError', 'Runtime exited: the execution environment was killed');
  }

  #send(message: InvokeMessage): Promise<string | undefined> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) return reject(this.#ended);
      this.#pending = { requestId: message.requestId, resolve, reject };
      this.#worker.postMessage(message);
    });
  }

  #started(): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        void this.#end(
          'Sandbox.Timedout',
          `The init phase timed out after ${INIT_TIMEOUT_MS / 1000} seconds`,
        );
      }, INIT_TIMEOUT_MS);
      const ended = () => {
        clearTimeout(timer);
        reject(this.#ended);
      };
      this.#worker.on('message', (message: BootstrapMessage) => {
        if (message.kind === 'ready') {
          clearTimeout(timer);
          resolve();
        } else this.#received(message);
      });
      this.#worker.on('error', (error) => {
        const type = error.name === 'Error' ? 'Runtime.UnhandledPromiseRejection' : error.name;
        this.#fail(type, error.message, error);
      });
      this.#worker.on('exit', (code) => {
        this.#fail('Runtime.ExitError', `Runtime exited with exit code ${code}`);
        ended();
      });
    });
  }

  #received(message: Exclude<BootstrapMessage, { kind: 'ready' }>): void {
    if (message.kind === 'init-failed') {
      const { errorType, errorMessage } = message.error;
      void this.#end(errorType, errorMessage);
      return;
    }
    const pending = this.#pending;
    if (pending?.requestId !== message.requestId) return;
    this.#pending = undefined;
    if (message.kind === 'response') pending.resolve(message.payload);
    else pending.reject(this.#thrown(message.error));
  }

  #thrown({ errorType, errorMessage, stack }: SerializedError): FunctionError {
    return new FunctionError(this.#options.bootstrap.functionName, errorType, errorMessage, { cause: stack });
  }

  async #end(errorType: string, message: string): Promise<void> {
    this.#fail(errorType, message);
    await this.#worker.terminate();
  }

  /** The first reason stands: what follows from it (the exit of the thread) adds nothing. */
  #fail(errorType: string, message: string, cause?: unknown): void {
    if (this.#ended !== undefined) return;
    const error = new FunctionError(this.#options.bootstrap.functionName, errorType, message, { cause });
    this.#ended = error;
    this.#pending?.reject(error);
    this.#pending = undefined;
  }

  #capture(stream: Readable): void {
    createInterface({ input: stream }).on('line', (line) => this.#options.onLine(line));
  }
}
