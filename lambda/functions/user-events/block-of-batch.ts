import { BlockCollector } from '../../core/block.ts';
import { recordIdOf } from '../../core/ids.ts';
import type { LotteryRun } from '../../core/lottery.ts';
import { windowStartOfAccepted } from '../../core/user-outputs.ts';
import type { RunKey } from '../../core/window.ts';
import type { Settled } from './dependencies.ts';

/** The batch's accepted clicks, old ones that were delivered again and new ones. @param runOf of each that accepted one */
export function blockOf(settled: readonly Settled[], runOf: (key: RunKey) => LotteryRun): BlockCollector {
  const block = new BlockCollector();
  for (const { sourced, outcome } of settled) {
    const { event, record } = sourced;
    if (outcome.kind !== 'accepted' || event.type !== 'UserClickEvent') continue;
    const run = runOf({ lotteryId: event.lotteryId, run: outcome.run });
    const windowStart = windowStartOfAccepted(event.timestamp, outcome, run);
    block.add(run, windowStart, [recordIdOf(record.source), event.userId]);
  }
  return block;
}
