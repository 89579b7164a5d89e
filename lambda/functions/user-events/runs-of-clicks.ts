import type { LotteryRun } from '../../core/lottery.ts';
import { type RunKey, runKey } from '../../core/window.ts';
import type { LotteryRuns } from '../../ports/ports.ts';
import type { Settled } from './dependencies.ts';

/**
 * The runs that accepted a batch's clicks, of now or replaced since.
 * @returns looks one up. @throws Error when a run is missing: it was there when it accepted a click, and none is deleted
 */
export async function runsOf(
  settled: readonly Settled[],
  { lotteries }: { readonly lotteries: LotteryRuns },
): Promise<(key: RunKey) => LotteryRun> {
  const keys = new Map<string, RunKey>();
  let last: RunKey | undefined;
  for (const { sourced, outcome } of settled) {
    if (outcome.kind !== 'accepted' || sourced.event.type !== 'UserClickEvent') continue;
    const { lotteryId } = sourced.event;
    // One click's run is most often the last one's: its key is then not made again.
    if (last?.lotteryId === lotteryId && last.run === outcome.run) continue;
    last = { lotteryId, run: outcome.run };
    keys.set(runKey(last), last);
  }
  const runs = await lotteries.byRun([...keys.values()]);
  let known: LotteryRun | undefined;
  return ({ lotteryId, run }) => {
    if (known?.lotteryId !== lotteryId || known.run !== run) known = runs.get(runKey({ lotteryId, run }));
    if (known === undefined) throw new Error(`Run ${run} of lottery ${lotteryId} is missing`);
    return known;
  };
}
