import { dueAt } from '../../lambda/core/block.ts';
import { type TickMessage, tickMessage } from '../../lambda/core/entries-records.ts';
import { runKey } from '../../lambda/core/window.ts';
import type { LotteryRuns } from '../../lambda/ports/ports.ts';
import type { OutputEvent } from '../output-events.ts';
import { stored } from './receipts.ts';

export interface LastTickSettings {
  /** As in `dueAt`. */
  readonly marginMs: number;
  readonly isReplay: boolean;
  /** ms since the epoch. */
  readonly now: number;
}

/**
 * For the last window of each run that was started or stopped, as far as it has one: after its tick the run ends, and
 * the start or stop may be announced, and the tick not asked for. Where it was, the run's end is told once more.
 *
 * @throws Error that names a run that is not stored
 */
export async function lastTicksOf(
  events: readonly OutputEvent[],
  lotteries: LotteryRuns,
  { marginMs, ...time }: LastTickSettings,
): Promise<TickMessage[]> {
  const keys = events.flatMap((event) => {
    if (event.type !== 'LotteryStartedEvent' && event.type !== 'LotteryStoppedEvent') return [];
    return [{ lotteryId: String(event.lotteryId), run: event.run }];
  });
  const runs = await lotteries.byRun(keys);
  const distinct = new Map(keys.map((key) => [runKey(key), key]));
  return [...distinct.values()].flatMap((key) => {
    const run = stored(runs, key);
    const { lastWindowStart: windowStart } = run;
    if (windowStart === undefined) return [];
    return [tickMessage({ ...key, windowStart }, dueAt(run, windowStart, marginMs), time)];
  });
}
