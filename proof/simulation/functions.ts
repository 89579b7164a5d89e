import type { FunctionRequest } from '../../local/cloudformation/emulator.ts';
import { Random } from '../../local/faults/random.ts';
import type { HostedFunction } from '../../local/runtime-options.ts';
import { type EnvironmentResourcesOptions, kafkaOf, resourcesOf } from './environment-resources.ts';
import { loadFunction } from './execution-environment.ts';
import { SimulatedHost } from './simulated-host.ts';

const COLD_START_MS = 400;

type Hosted = HostedFunction & Pick<FunctionRequest, 'recursiveLoop'>;

export interface SimulatedFunctionsOptions extends EnvironmentResourcesOptions {
  /** Instead of what the templates set, for each function that has them. */
  readonly variables: Readonly<Record<string, string>>;
}

/** The app's functions, each with its own code. */
export class SimulatedFunctions {
  readonly byName = new Map<string, Hosted>();
  readonly #options: SimulatedFunctionsOptions;

  constructor(options: SimulatedFunctionsOptions) {
    this.#options = options;
  }

  create({ functionName, timeoutMs, recursiveLoop, variables: ofTemplate }: FunctionRequest): void {
    const { scheduler, seed, variables: all } = this.#options;
    const own = Object.entries(all).filter(([name]) => name in ofTemplate);
    const variables = { ...ofTemplate, ...Object.fromEntries(own) };
    const random = new Random(seed, `function/${functionName}`);
    const host = new SimulatedHost({
      ...{ functionName, timeoutMs, scheduler },
      coldStartMs: () => COLD_START_MS * (0.5 + random.next()),
      start: (environment) =>
        loadFunction(functionName, variables, {
          resources: resourcesOf(environment, this.#options),
          kafka: kafkaOf(environment, this.#options),
        }),
    });
    this.byName.set(functionName, { host, variables, recursiveLoop });
  }

  /** @throws Error where there is none of that name */
  get(functionName: string): Hosted {
    const hosted = this.byName.get(functionName);
    if (hosted === undefined) throw new Error(`There is no function ${functionName} to map to`);
    return hosted;
  }

  async stop(): Promise<void> {
    for (const { host } of this.byName.values()) await host.close();
  }
}
