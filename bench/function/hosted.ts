import { functionVariables } from '../../lambda/contract/variables.ts';
import { Child } from '../child.ts';
import type { Stub } from '../stub/stub.ts';
import type { Load, LoadResult } from './load.ts';

/** A function in a process of its own, on the stub endpoint. */
export class HostedFunction {
  readonly #child: Child;

  /** @param modulePath a bundle or a source that exports `handler` */
  static async start(
    modulePath: string,
    { endpoint }: Stub,
    execArgv: string[] = [],
  ): Promise<HostedFunction> {
    const child = new Child(
      './function/worker.ts',
      { ...variables(endpoint), BENCH_MODULE: modulePath },
      execArgv,
    );
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

/** Not a secret: the stub checks no signature. */
const credentials = { AWS_ACCESS_KEY_ID: 'bench', AWS_SECRET_ACCESS_KEY: 'bench' };

const numbers: Readonly<Record<string, string>> = {
  WINDOW_SECONDS: '10',
  GRACE_SECONDS: '2',
  CLOCK_TOLERANCE_SECONDS: '120',
  STREAM_RETENTION_HOURS: '24',
  MARGIN_MILLISECONDS: '250',
};

/** The variables that the template and Lambda set, those of all functions. */
export function variables(endpoint: string): Record<string, string> {
  const names = Object.values(functionVariables)
    .flat()
    .map((name) => {
      const isUrl = name.endsWith('_URL');
      return [name, numbers[name] ?? (isUrl ? `${endpoint}/000000000000/ticks` : `bench-${name}`)] as const;
    });
  return {
    ...Object.fromEntries(names),
    ...credentials,
    AWS_REGION: 'us-east-1',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_ENDPOINT_URL: endpoint,
    POWERTOOLS_SERVICE_NAME: 'bench',
    POWERTOOLS_METRICS_NAMESPACE: 'Bench',
    IDEMPOTENCY_TABLE: 'bench-idempotency',
  };
}
