import type { DecodedBatch } from '../../batch/decode-batch.ts';
import { BlockCollector } from '../../core/block.ts';
import type { UserEvent } from '../../core/events.ts';
import { recordIdOf } from '../../core/ids.ts';
import type { LotteryRun } from '../../core/lottery.ts';
import { windowStartOfAccepted } from '../../core/user-outputs.ts';
import type { RunKey } from '../../core/window.ts';
import type { Settled } from './dependencies.ts';

export interface BatchBlock {
  readonly block: BlockCollector;
  /** Of each accepted click among those of its draw, by its place in the batch. */
  readonly indices: Uint32Array;
}

/**
 * The batch's accepted clicks in the order of its stream, old ones that were delivered again and new ones.
 * @param runOf of each that accepted one
 */
export function blockOf(
  { records }: DecodedBatch<UserEvent>,
  settled: readonly Settled[],
  runOf: (key: RunKey) => LotteryRun,
): BatchBlock {
  const inOrder = new Array<Settled | undefined>(records.length);
  for (const each of settled) inOrder[each.sourced.place] = each;
  const block = new BlockCollector();
  const indices = new Uint32Array(records.length);
  for (const each of inOrder) {
    if (each?.outcome.kind !== 'accepted' || each.sourced.event.type !== 'UserClickEvent') continue;
    const { outcome, sourced } = each;
    const { lotteryId, timestamp, userId } = each.sourced.event;
    const run = runOf({ lotteryId, run: outcome.run });
    const windowStart = windowStartOfAccepted(timestamp, outcome, run);
    const entry = [recordIdOf(sourced.record.source), userId] as const;
    indices[sourced.place] = block.add(run, windowStart, entry);
  }
  return { block, indices };
}
