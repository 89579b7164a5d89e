import { kafkaContext, ownKafka } from '../../client/own-kafka.ts';
import { environments } from '../../lib/environments.ts';
import { projectRoot } from '../../lib/project-root.ts';
import { resolveEnvironments } from '../../lib/resolve-settings.ts';
import type { AppOptions, RuntimeSettings } from '../../local/runtime-options.ts';
import { assemblyIn } from './directories.ts';
import type { StartOptions } from './options.ts';

/** @throws Error in a line when there is no such app in the directory */
export function appOf(options: StartOptions, signal: AbortSignal): AppOptions {
  const { assembly, env } = options;
  if (assembly !== undefined) return { assembly: assemblyIn(assembly, env) };
  return { project: projectRoot, stage: env, context: contextOf(options), signal };
}

/** The brokers that are asked for. */
export function kafkaOf(options: StartOptions): Pick<RuntimeSettings, 'kafka'> {
  const { env, kafka } = options;
  if (kafka === undefined) return {};
  return ownKafka(env, kafka, resolveEnvironments(environments, contextOf(options)).get(env));
}

/** A file of old events is replayed whatever its events' age. */
function contextOf({ env, events, context, faults: seed, kafka }: StartOptions): Record<string, string> {
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
    ...kafkaContext(env, kafka),
    ...context,
  };
}
