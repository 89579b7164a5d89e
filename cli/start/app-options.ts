import { projectRoot } from '../../lib/project-root.ts';
import type { AppOptions } from '../../local/runtime-options.ts';
import { assemblyIn } from './directories.ts';
import type { StartOptions } from './options.ts';

/** @throws Error in a line when there is no such app in the directory */
export function appOf(options: StartOptions, signal: AbortSignal): AppOptions {
  const { assembly, env } = options;
  if (assembly !== undefined) return { assembly: assemblyIn(assembly, env) };
  return { project: projectRoot, stage: env, context: contextOf(options), signal };
}

/** A file of old events is replayed whatever its events' age. */
function contextOf({ env, events, context, faults: seed }: StartOptions): Record<string, string> {
  return {
    // Many lines come at once, and a user is written once a batch.
    ...(events === undefined
      ? {}
      : {
          [`${env}:clockToleranceSeconds`]: 'off',
          [`${env}:userEventsBatchSize`]: '10000',
          // Nobody looks on: the page would count what is over before it is seen.
          [`${env}:livePage`]: 'off',
        }),
    // A call that hangs shall time its function out soon.
    ...(seed === undefined ? {} : { [`${env}:timeoutSeconds`]: '5' }),
    ...context,
  };
}
