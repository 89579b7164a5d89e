import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A process that ended instead of answering. */
export class ChildEnded extends Error {
  override readonly name = 'ChildEnded';

  constructor(how: number | string | null) {
    super(`A process of the benchmark ended with ${how}`);
  }
}

export interface ChildOptions {
  /** Options of Node. */
  readonly execArgv?: readonly string[] | undefined;
  /** Whether it may well fail, and nobody wants to read why. */
  readonly isQuiet?: boolean | undefined;
}

/** A process of the benchmark's own, spoken to by messages: one answer for each question. */
export class Child {
  readonly #process: ChildProcess;

  /**
   * @param path of the module, relative to this file
   * @param environment all of its variables
   */
  constructor(
    path: string,
    environment: Readonly<Record<string, string>> = {},
    { execArgv = [], isQuiet = false }: ChildOptions = {},
  ) {
    this.#process = fork(fileURLToPath(new URL(path, import.meta.url)), [], {
      env: { PATH: process.env.PATH, ...environment },
      execArgv: ['--disable-warning=ExperimentalWarning', ...execArgv],
      // What a function logs is no part of the table; what it says when it fails is.
      stdio: ['ignore', 'ignore', isQuiet ? 'ignore' : 'inherit', 'ipc'],
    });
  }

  /** @throws ChildEnded when the process ends instead of answering */
  async answer(): Promise<unknown> {
    const stopWaiting = new AbortController();
    const { signal } = stopWaiting;
    const ended = once(this.#process, 'exit', { signal }).then(([code, by]) => {
      throw new ChildEnded(code ?? by);
    });
    try {
      const [message] = await Promise.race([once(this.#process, 'message', { signal }), ended]);
      return message;
    } finally {
      stopWaiting.abort();
      ended.catch(() => {});
    }
  }

  async ask(question: object): Promise<unknown> {
    const answer = this.answer();
    this.#process.send(question);
    return answer;
  }

  stop(): void {
    this.#process.kill();
  }
}
