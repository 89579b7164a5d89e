import { rmSync } from 'node:fs';
import { buildApp } from '../../lib/app.ts';
import { type Assembly, openAssembly } from '../../local/cloudformation/assembly.ts';

/**
 * The synthesized app, as far as a simulation needs it: its templates. No function is bundled, as their code runs as
 * it is. There is no page: what it shows is nothing that is played for. What aggregated outputs need is granted: runs choose.
 * @throws SettingsError when a setting is unknown or outside its limits
 */
export function templatesOf(environment: string, context: Readonly<Record<string, unknown>>): Assembly {
  const usual = { [`${environment}:livePage`]: 'off', [`${environment}:aggregateOutputs`]: 'on' };
  const app = buildApp({ ...usual, ...context, 'aws:cdk:bundling-stacks': [] });
  try {
    app.synth();
    return openAssembly(app.outdir, environment);
  } finally {
    rmSync(app.outdir, { recursive: true, force: true });
  }
}
