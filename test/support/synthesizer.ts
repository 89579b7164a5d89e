/**
 * A process that synthesizes the app whenever it is asked (assemblies-setup.ts): what a synthesis by `cdk.json`'s command does, but CDK is
 * loaded once, and functions are bundled once for each connector, which together is most of it.
 */
import { buildApp } from '../../lib/app.ts';
import type { SharedAssemblyOptions } from './shared-assembly.ts';

export interface SynthesisRequest extends SharedAssemblyOptions {
  directory: string;
}

export interface SynthesisAnswer {
  directory: string;
  /** Absent where it is there. */
  error?: string;
}

process.on('message', (request: SynthesisRequest) => {
  process.send?.(synthesize(request));
});

function synthesize({ directory, environment, context }: SynthesisRequest): SynthesisAnswer {
  // As the CDK CLI names it.
  process.env.CDK_OUTDIR = directory;
  try {
    buildApp({ 'aws:cdk:bundling-stacks': [`${environment}/**`], ...context }).synth();
    return { directory };
  } catch (error) {
    return { directory, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
