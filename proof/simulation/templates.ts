import { rmSync } from 'node:fs';
import { buildApp } from '../../lib/app.ts';
import { environments } from '../../lib/environments.ts';
import { type Assembly, openAssembly } from '../../local/cloudformation/assembly.ts';
import { conditionsOf, type SimulatedConnector } from './conditions.ts';

/**
 * The synthesized app, as far as a simulation needs it: its templates. No function is bundled, as their code runs as
 * it is. There is no page: what it shows is nothing that is played for. What aggregated outputs need is granted: runs choose.
 * @throws SettingsError when a setting is unknown or outside its limits
 */
export function templatesOf(environment: string, context: Readonly<Record<string, unknown>>): Assembly {
  const usual = { [`${environment}:livePage`]: 'off', [`${environment}:aggregateOutputs`]: 'on' };
  const { [environment]: settings } = environments;
  if (settings === undefined) throw new Error(`${environment} is not an environment`);
  // The stacks of the others were two thirds of the work.
  const app = buildApp({ ...usual, ...context, 'aws:cdk:bundling-stacks': [] }, { [environment]: settings });
  try {
    app.synth();
    return openAssembly(app.outdir, environment);
  } finally {
    rmSync(app.outdir, { recursive: true, force: true });
  }
}

/** The templates of each connector. Those of brokers that nobody asks. */
export class Templates {
  readonly #environment: string;
  readonly #context: Readonly<Record<string, unknown>>;
  readonly #made = new Map<SimulatedConnector, Assembly>();

  constructor(environment: string, context: Readonly<Record<string, unknown>>) {
    this.#environment = environment;
    this.#context = context;
  }

  /** @param connector default: the seed's own */
  for(seed: number | string, connector: SimulatedConnector = conditionsOf(seed).connector): Assembly {
    return this.of(connector);
  }

  of(connector: SimulatedConnector): Assembly {
    const known = this.#made.get(connector);
    if (known !== undefined) return known;
    const made = templatesOf(this.#environment, {
      ...this.#context,
      ...(connector === 'kafka' && kafkaContext(this.#environment)),
    });
    this.#made.set(connector, made);
    return made;
  }
}

function kafkaContext(environment: string): Record<string, string> {
  return {
    [`${environment}:connector`]: 'kafka',
    [`${environment}:aggregateOutputs`]: 'off',
    [`${environment}:kafkaBootstrapServers`]: 'broker.simulation:9092',
    [`${environment}:kafkaPollers`]: '1-4',
  };
}
