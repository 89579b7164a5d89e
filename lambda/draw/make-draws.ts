import { drawFrom, winnerEvent } from '../core/draw.ts';
import type { OpenDraw } from '../core/draw-state.ts';
import type { SeededRun } from '../core/lottery.ts';
import type { Counters } from '../counters.ts';
import { mapBounded } from '../map-bounded.ts';
import type { KnownDraw, RunKey } from '../ports.ts';
import { runKey } from '../ports.ts';
import { seededRuns } from '../seeded-runs.ts';
import type { DrawDependencies } from './dependencies.ts';
import { writesInFlight } from './dependencies.ts';

/** A draw that was due, and what the table knows of it. */
export interface MadeDraw extends KnownDraw {
  readonly open: OpenDraw;
  readonly run: SeededRun;
}

/** Stores each draw if it is not there, then publishes what is stored: a crash may have come before publishing. */
export async function makeDraws(
  due: readonly OpenDraw[],
  dependencies: DrawDependencies,
): Promise<MadeDraw[]> {
  if (due.length === 0) return [];
  const { lotteries, seeds, draws, lotteryOutputs, counters, settings, now } = dependencies;
  const runs = await seededRuns(due, lotteries, seeds);
  const made = await mapBounded(writesInFlight, due, async (open): Promise<MadeDraw[]> => {
    const run = runs.get(runKey(open));
    if (run === undefined) return ignoreUnknownRun(open, counters);
    const result = await draws.putDrawIfAbsent(drawFrom(open, run, settings.windowMs));
    return [{ open, run, ...result }];
  });
  const all = made.flat();
  await lotteryOutputs.publish(
    all.map(({ stored }) => ({ partitionKey: stored.lotteryId, value: winnerEvent(stored) })),
  );
  for (const { stored, isNew } of all) {
    if (!isNew) continue;
    counters.count('drawsMade');
    counters.drawDelay(now() - stored.windowEnd);
  }
  return all;
}

export function ignoreUnknownRun(key: RunKey, counters: Counters): [] {
  counters.count('recordsIgnored');
  counters.warn('A partial names a run that no lottery has', { lotteryId: key.lotteryId, run: key.run });
  return [];
}
