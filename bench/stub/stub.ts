import { Child } from '../child.ts';
import type { Usage } from './usage.ts';

/** The stub endpoint, from the benchmark's side. */
export class Stub {
  readonly endpoint: string;
  readonly #child: Child;

  static async start(): Promise<Stub> {
    const child = new Child('./stub/server.ts');
    const { port } = (await child.answer()) as { port: number };
    return new Stub(child, `http://127.0.0.1:${port}`);
  }

  private constructor(child: Child, endpoint: string) {
    this.#child = child;
    this.endpoint = endpoint;
  }

  /** What was used since the last call. */
  async takeUsage(): Promise<Usage> {
    const { usage } = (await this.#child.ask({})) as { usage: Usage };
    return usage;
  }

  stop(): void {
    this.#child.stop();
  }
}
