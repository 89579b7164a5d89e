import { backoffMs } from '../emulation.ts';
import type { DiscardCondition } from '../events.ts';
import type { KinesisContext } from './context.ts';
import type { Batch } from './policy.ts';

/**
 * Gives records up: sends them to the on-failure destination, if there is one. Returns when they are delivered or
 * when the destination failed too often; then they are lost, as on AWS (metric DestinationDeliveryFailures).
 */
export async function discard(
  context: KinesisContext,
  shardId: string,
  batch: Batch,
  condition: DiscardCondition,
): Promise<void> {
  const { observe, destination, settings, clock } = context;
  const { items, invocations, unhandled } = batch;
  observe({ type: 'discarded', origin: shardId, records: items.length, condition });
  if (!destination) return;
  const event = { Records: items.map((item) => item.record) };
  const discarded = { items, condition, invocations, unhandled, event, shardId, at: clock.now() };
  for (let attempt = 1; attempt <= settings.destinationAttempts; attempt += 1) {
    try {
      await destination.send(discarded);
      return;
    } catch (error) {
      observe({ type: 'destinationFailed', origin: shardId, destination: destination.arn, error });
      await clock.sleep(backoffMs(attempt, settings));
    }
  }
}
