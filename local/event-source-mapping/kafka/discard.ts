import { uuidOf } from '../arn.ts';
import { deliver } from '../destination.ts';
import type { DiscardCondition } from '../events.ts';
import type { Batch } from '../retries.ts';
import type { KafkaContext } from './context.ts';
import { eventOf } from './invocation.ts';
import { groupOf, type PendingRecord } from './record.ts';

/** Gives records up: returns when the on-failure destination has them, if there is one, or failed too often. */
export async function discard(
  context: KafkaContext,
  { items, invocations, unhandled }: Pick<Batch<PendingRecord>, 'items' | 'invocations' | 'unhandled'>,
  condition: DiscardCondition,
): Promise<void> {
  const { observe, clock, functionArn, topic, bootstrapServers, properties } = context;
  const [first] = items;
  if (first === undefined) return;
  observe({ type: 'discarded', origin: topic, records: items.length, condition });
  const at = clock.now();
  const group = groupOf(topic, first.partition);
  const event = eventOf(items, context);
  const { EventSourceArn: eventSourceArn } = properties;
  const KafkaBatchInfo = {
    batchSize: items.length,
    ...(eventSourceArn === undefined ? {} : { eventSourceArn }),
    bootstrapServers,
    payloadSize: Buffer.byteLength(JSON.stringify(event)),
    recordsInfo: recordsInfo(items),
  };
  const requestId = uuidOf(group, String(first.offset), items.length, invocations, at);
  const discarded = { requestId, functionArn, condition, invocations, unhandled, event, group, at };
  await deliver({ ...discarded, batchInfo: { KafkaBatchInfo } }, context);
}

function recordsInfo(items: readonly PendingRecord[]) {
  const groups = Map.groupBy(items, ({ record }) => groupOf(record.topic, record.partition));
  return Object.fromEntries(
    [...groups].map(([group, records]) => {
      const [first, last] = [records[0], records.at(-1)];
      return [
        group,
        {
          firstRecordOffset: String(first?.offset),
          lastRecordOffset: String(last?.offset),
          firstRecordTimestamp: first && new Date(first.arrivalMs).toISOString(),
          lastRecordTimestamp: last && new Date(last.arrivalMs).toISOString(),
        },
      ];
    }),
  );
}
