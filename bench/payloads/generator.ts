import { Child } from '../child.ts';

/** The process that makes payloads, from the benchmark's side. */
export class Generator {
  readonly url: string;
  readonly #child: Child;

  static async start(): Promise<Generator> {
    const child = new Child('./payloads/server.ts');
    const { port } = (await child.answer()) as { port: number };
    return new Generator(child, `http://127.0.0.1:${port}`);
  }

  private constructor(child: Child, url: string) {
    this.#child = child;
    this.url = url;
  }

  stop(): void {
    this.#child.stop();
  }
}
