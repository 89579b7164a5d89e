import { inject } from 'vitest';
import { type Assembly, openAssembly } from '../../local/cloudformation/assembly.ts';
import { soakContext } from '../../proof/soak/options.ts';
import type { SynthesisAnswer } from './synthesizer.ts';

export interface SharedAssemblyOptions {
  environment: string;
  context: Readonly<Record<string, unknown>>;
}

/** The soak's environment, drawn at once: who waits for draws, and not for the beacon, has them seconds sooner. */
export const drawnAtOnce: SharedAssemblyOptions = {
  environment: 'dev',
  context: { ...soakContext('dev'), 'dev:randomness': 'seed' },
};

/**
 * The synthesized app with this context, made once for all test files of a run (assemblies-setup.ts). The files are shared and stay until
 * the run's end, so that `remove` does nothing; the templates are the caller's own and may be changed.
 */
export async function sharedAssembly(options: SharedAssemblyOptions): Promise<Assembly> {
  return openAssembly(await sharedAssemblyDirectory(options), options.environment);
}

/** Where it lies, for a process of its own. @throws Error when the synthesis failed, for whoever asks. */
export async function sharedAssemblyDirectory(options: SharedAssemblyOptions): Promise<string> {
  const question = { method: 'POST', body: JSON.stringify(options) };
  const answer = await fetch(inject('assemblyQuestions'), question);
  const { directory, error } = (await answer.json()) as SynthesisAnswer;
  if (error !== undefined) throw new Error(`The synthesis failed: ${error}`);
  return directory;
}
