import type { Settings } from './settings.ts';

/** The topics of an environment, without their prefix. */
export const topicNames = {
  'lottery-events-input': 'lottery-input-topic',
  'user-events-input': 'user-input-topic',
  'lottery-events-output': 'lottery-output-topic',
  'user-events-output': 'user-output-topic',
} as const;

/** One of the four outer streams, whatever they are. */
export type OuterStream = keyof typeof topicNames;

export function topicPrefix(environment: string, { kafkaTopicPrefix }: Settings): string {
  return kafkaTopicPrefix === 'environment' ? `${environment}-` : kafkaTopicPrefix;
}

/**
 * Why an environment must not have the topics that it would have, in words that follow its name and a colon: they are another
 * one's. Undefined when they are its own.
 */
export function foreignTopics(environment: string, all: ReadonlyMap<string, Settings>): string | undefined {
  const own = all.get(environment);
  if (own === undefined || own.connector === 'kinesis') return undefined;
  const prefix = topicPrefix(environment, own);
  const others = [...all].filter(([name]) => name !== environment);
  const [owner] = others.find(([name, other]) => isOwner(prefix, name, other, own)) ?? [];
  return owner === undefined
    ? undefined
    : `kafkaTopicPrefix must not be that of ${owner} ('${prefix}'): both would read and write the same topics`;
}

/** A prefix that is another one's name is refused on any cluster: sooner or later that one has its topics there. */
function isOwner(prefix: string, name: string, other: Settings, own: Settings): boolean {
  if (prefix === `${name}-`) return true;
  return other.connector === 'kafka' && topicPrefix(name, other) === prefix && haveCommonBroker(other, own);
}

function haveCommonBroker(one: Settings, other: Settings): boolean {
  const brokers = new Set(one.kafkaBootstrapServers.split(','));
  return other.kafkaBootstrapServers.split(',').some((broker) => brokers.has(broker));
}
