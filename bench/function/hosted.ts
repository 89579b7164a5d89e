import { Child, type ChildOptions } from '../child.ts';
import type { Generator } from '../payloads/generator.ts';
import type { Load, LoadResult } from '../payloads/load.ts';
import { type Endpoint, nowhere, variables } from './variables.ts';

export interface Hosting {
  /** A bundle, or a source that exports `handler`. */
  readonly module: string;
  readonly generator: Generator;
  /** Where it finds AWS. Default: nowhere, as it asks nothing. */
  readonly endpoint?: Endpoint;
  /** Beside those of a function. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly options?: ChildOptions;
}

/** A function in a process of its own. */
export class HostedFunction {
  readonly #child: Child;

  static async start({
    module,
    generator,
    endpoint = nowhere,
    environment,
    options,
  }: Hosting): Promise<HostedFunction> {
    const all = {
      ...variables(endpoint),
      ...environment,
      BENCH_MODULE: module,
      BENCH_GENERATOR: generator.url,
    };
    const child = new Child('./function/worker.ts', all, options);
    await child.answer();
    return new HostedFunction(child);
  }

  private constructor(child: Child) {
    this.#child = child;
  }

  async run(load: Load): Promise<LoadResult> {
    return (await this.#child.ask(load)) as LoadResult;
  }

  stop(): void {
    this.#child.stop();
  }
}
