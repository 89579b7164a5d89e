import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A process of the benchmark's own, spoken to by messages: one answer for each question. */
export class Child {
  readonly #process: ChildProcess;

  /**
   * @param path of the module, relative to this file
   * @param environment all of its variables
   * @param execArgv options of Node
   */
  constructor(
    path: string,
    environment: Readonly<Record<string, string>> = {},
    execArgv: readonly string[] = [],
  ) {
    this.#process = fork(fileURLToPath(new URL(path, import.meta.url)), [], {
      env: { PATH: process.env.PATH, ...environment },
      execArgv: ['--disable-warning=ExperimentalWarning', ...execArgv],
      // What a function logs is no part of the table; what it says when it fails is.
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
  }

  /** @throws Error when the process ends instead of answering */
  async answer(): Promise<unknown> {
    const stopWaiting = new AbortController();
    const { signal } = stopWaiting;
    const ended = once(this.#process, 'exit', { signal }).then(([code]) => {
      throw new Error(`A process of the benchmark ended with code ${code}`);
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
