import type { DecodedBatch } from '../../batch/decode-batch.ts';
import { BlockCollector } from '../../core/block.ts';
import type { InputRecord } from '../../core/decode.ts';
import type { UserEvent } from '../../core/events.ts';
import { recordIdOf } from '../../core/ids.ts';
import type { LotteryRun } from '../../core/lottery.ts';
import { windowStartOfAccepted } from '../../core/user-outputs.ts';
import type { RunKey } from '../../core/window.ts';
import type { Settled } from './dependencies.ts';

/**
 * The batch's accepted clicks in the order of its stream, old ones that were delivered again and new ones.
 * @param runOf of each that accepted one
 */
export function blockOf(
  { records }: DecodedBatch<UserEvent>,
  settled: readonly Settled[],
  runOf: (key: RunKey) => LotteryRun,
): BlockCollector {
  const byRecord = new Map<InputRecord, Settled>();
  for (const each of settled) if (each.outcome.kind === 'accepted') byRecord.set(each.sourced.record, each);
  const block = new BlockCollector();
  for (const record of records) {
    const { sourced, outcome } = byRecord.get(record) ?? {};
    if (outcome?.kind !== 'accepted' || sourced?.event.type !== 'UserClickEvent') continue;
    const { lotteryId, timestamp, userId } = sourced.event;
    const run = runOf({ lotteryId, run: outcome.run });
    block.add(run, windowStartOfAccepted(timestamp, outcome, run), [recordIdOf(record.source), userId]);
  }
  return block;
}
