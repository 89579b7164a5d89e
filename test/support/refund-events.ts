import type { Refund } from '../../lambda/core/draw.ts';
import { couponRefundEvent } from '../../lambda/core/draw-outputs.ts';
import type { Pipeline } from './pipeline.ts';
import { sequenceNumber, shardId } from './records.ts';

/** As the draw function grants them, to one user: entries as long as they come, that missed draw 1@0. */
export async function grantRefunds(pipeline: Pipeline, count: number, userId = '1'): Promise<object[]> {
  const refunds = Array.from({ length: count }, (_, n): Refund => {
    const entryId = `${shardId}:${sequenceNumber(n)}`;
    return { drawId: '1@0', entryId, userId, lotteryId: '1', run: 1, grantedAt: 0 };
  });
  await pipeline.refunds.putIfAbsent(refunds);
  return refunds.map(couponRefundEvent);
}

/** Of the coupons that went back, as told: the entry, once for each record that it was given for. */
export function refundsTold({ userOutputs }: Pipeline): unknown[] {
  const told = userOutputs.values.filter(({ type }) => type === 'CouponRefundedEvent');
  return [...new Map(told.map(({ recordId, entryId }) => [recordId, entryId])).values()].toSorted();
}
