import { FunctionError } from '../../function-host.ts';
import type { KafkaContext } from './context.ts';
import { type Interpreted, interpret } from './outcome.ts';
import { type EventRecord, groupOf, type PendingRecord } from './record.ts';

/** The event of an invocation (Lambda Developer Guide, examples of Amazon MSK and of self-managed Apache Kafka). */
export interface KafkaEvent {
  eventSource: 'SelfManagedKafka' | 'aws:kafka';
  eventSourceArn?: string;
  bootstrapServers: string;
  /** By `<topic>-<partition>`, each in order. */
  records: Record<string, EventRecord[]>;
}

/** More than the fields beside the records take in a payload, and what comes with each group of them; in bytes. */
const ENVELOPE_BYTES = 4_096;
const GROUP_BYTES = 16;

/** What is left for the records of so many partitions. */
export function roomFor(partitions: number, { settings, topic }: KafkaContext): number {
  return settings.payloadLimitBytes - ENVELOPE_BYTES - partitions * (topic.length + GROUP_BYTES);
}

export function eventOf(items: readonly PendingRecord[], context: KafkaContext): KafkaEvent {
  const { topic, bootstrapServers, properties } = context;
  const records: Record<string, EventRecord[]> = {};
  for (const { partition, record } of items) {
    const group = groupOf(topic, partition);
    records[group] ??= [];
    records[group].push(record);
  }
  const { EventSourceArn: eventSourceArn } = properties;
  return eventSourceArn === undefined
    ? { eventSource: 'SelfManagedKafka', bootstrapServers, records }
    : { eventSource: 'aws:kafka', eventSourceArn, bootstrapServers, records };
}

/**
 * Invokes the function and says what its response means.
 * Never rejects: a FunctionError is a failure of the function; any other error means that it could not be invoked.
 */
export async function invoke(items: readonly PendingRecord[], context: KafkaContext): Promise<Interpreted> {
  const { host, observe, topic, properties } = context;
  const reportsFailures = properties.FunctionResponseTypes.includes('ReportBatchItemFailures');
  observe({ type: 'invoked', origin: topic, records: items.length, final: false, early: false });
  const interpreted = await host.invoke(eventOf(items, context)).then(
    (response) => interpret(response, items, reportsFailures),
    (error: unknown): Interpreted => ({ items, outcome: failure(error) }),
  );
  const { outcome } = interpreted;
  if (outcome.type === 'failure') {
    const error = outcome.error === undefined ? {} : { error: outcome.error };
    observe({ type: 'failed', origin: topic, records: items.length, reason: outcome.reason, ...error });
  }
  return interpreted;
}

function failure(error: unknown): Interpreted['outcome'] {
  const counted = error instanceof FunctionError;
  return { type: 'failure', reason: error instanceof Error ? error.message : String(error), counted, error };
}
