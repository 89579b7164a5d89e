import { uuidOf } from '../arn.ts';
import { deliver } from '../destination.ts';
import type { DiscardCondition } from '../events.ts';
import type { Batch } from '../retries.ts';
import type { KinesisContext } from './context.ts';
import type { PendingRecord } from './record.ts';

/** Gives records up: returns when the on-failure destination has them, if there is one, or failed too often. */
export async function discard(
  context: KinesisContext,
  shardId: string,
  batch: Batch<PendingRecord>,
  condition: DiscardCondition,
): Promise<void> {
  const { observe, clock, functionArn, streamArn } = context;
  const { items, invocations, unhandled } = batch;
  observe({ type: 'discarded', origin: shardId, records: items.length, condition });
  const at = clock.now();
  const [first] = items;
  const requestId = uuidOf(shardId, first?.sequenceNumber ?? '', items.length, invocations, at);
  const event = { Records: items.map((item) => item.record) };
  const batchInfo = { KinesisBatchInfo: { ...spanOf(shardId, items), streamArn } };
  const discarded = { requestId, functionArn, condition, invocations, unhandled, event, at, batchInfo };
  await deliver({ ...discarded, group: shardId }, context);
}

function spanOf(shardId: string, items: readonly PendingRecord[]) {
  const first = items[0];
  const last = items.at(-1);
  return {
    shardId,
    startSequenceNumber: first?.sequenceNumber,
    endSequenceNumber: last?.sequenceNumber,
    approximateArrivalOfFirstRecord: first && new Date(first.arrivalMs).toISOString(),
    approximateArrivalOfLastRecord: last && new Date(last.arrivalMs).toISOString(),
    batchSize: items.length,
  };
}
