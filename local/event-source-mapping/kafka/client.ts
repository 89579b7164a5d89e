import { Consumer } from '@platformatic/kafka';
import type { KafkaContext } from './context.ts';

/**
 * A client of the mapping's group that does one thing at a time. Who fetches waits for its answer, and a broker answers each
 * connection in order: members, readers and those who commit have one each.
 */
export function groupClient({ topic, groupId, bootstrapServers, settings }: KafkaContext): Consumer {
  const client = new Consumer({
    clientId: 'event-source-mapping',
    groupId,
    bootstrapBrokers: bootstrapServers.split(','),
    autocommit: false,
    // Whoever calls tries again, and knows until when.
    retries: 0,
    sessionTimeout: settings.kafkaSessionMs,
    rebalanceTimeout: settings.kafkaSessionMs,
    heartbeatInterval: settings.kafkaHeartbeatMs,
  });
  client.topics.track(topic);
  return client;
}

/** What the brokers say of an error, at any depth: `ILLEGAL_GENERATION`, say. */
export function hasErrorOf(error: unknown, ids: readonly string[]): boolean {
  if (!(error instanceof Error)) return false;
  if ('apiId' in error && typeof error.apiId === 'string' && ids.includes(error.apiId)) return true;
  if (error instanceof AggregateError && error.errors.some((each) => hasErrorOf(each, ids))) return true;
  return hasErrorOf(error.cause, ids);
}
