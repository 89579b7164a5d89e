import { kafkaContext, ownKafka } from '../../../client/own-kafka.ts';
import { environments } from '../../../lib/environments.ts';
import { resolveEnvironments } from '../../../lib/resolve-settings.ts';
import type { RuntimeSettings } from '../../../local/runtime-options.ts';

/** Settings of an environment whose topics begin so, and are nobody else's: broker and assemblies last as long as a run of tests. */
export function topicContext(prefix: string): Record<string, string> {
  return {
    ...kafkaContext('dev', 'embedded'),
    'dev:connector': 'kafka',
    'dev:kafkaTopicPrefix': prefix,
  };
}

/** What the runtime of an environment with these settings needs to know of the brokers. */
export function brokersFor(
  context: Readonly<Record<string, unknown>>,
  bootstrapServers: string,
): Pick<RuntimeSettings, 'kafka'> {
  return ownKafka('dev', bootstrapServers, resolveEnvironments(environments, context).get('dev'));
}
