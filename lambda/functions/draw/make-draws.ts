import { mapBounded } from '../../batch/map-bounded.ts';
import { drawFrom } from '../../core/draw.ts';
import { winnerEvent } from '../../core/draw-outputs.ts';
import type { OpenDraw } from '../../core/draw-state.ts';
import type { SeededRun } from '../../core/lottery.ts';
import type { RunKey } from '../../core/window.ts';
import { runKey } from '../../core/window.ts';
import type { KnownDraw } from '../../ports/ports.ts';
import type { Telemetry } from '../../ports/telemetry.ts';
import { withSeeds } from '../seeded-runs.ts';
import type { DrawDependencies } from './dependencies.ts';
import { writesInFlight } from './dependencies.ts';

/** A draw that was due, and what the table knows of it. */
export interface MadeDraw extends KnownDraw {
  readonly open: OpenDraw;
  readonly run: SeededRun;
}

export interface DueDraws {
  readonly made: readonly MadeDraw[];
  /** Those of runs whose seed is missing: they stay open. */
  readonly waiting: readonly OpenDraw[];
}

/** Stores each draw if it is not there, then publishes what is stored: a crash may have come before publishing. */
export async function makeDraws(due: readonly OpenDraw[], dependencies: DrawDependencies): Promise<DueDraws> {
  if (due.length === 0) return { made: [], waiting: [] };
  const { lotteries, seeds, draws, lotteryOutputs, telemetry, settings, now } = dependencies;
  const { seeded, seedless } = await withSeeds(await lotteries.byRun(due), seeds, telemetry);
  const waiting = due.filter((open) => seedless.has(runKey(open)));
  const drawn = due.filter((open) => !seedless.has(runKey(open)));
  const made = await mapBounded(writesInFlight, drawn, async (open): Promise<MadeDraw[]> => {
    const run = seeded.get(runKey(open));
    if (run === undefined) return ignoreUnknownRun(open, telemetry);
    const result = await draws.putDrawIfAbsent(drawFrom(open, run, settings.windowMs));
    return [{ open, run, ...result }];
  });
  const all = made.flat();
  await lotteryOutputs.publish(
    all.map(({ stored }) => ({ partitionKey: stored.lotteryId, value: winnerEvent(stored) })),
  );
  for (const { stored, isNew } of all) {
    if (!isNew) continue;
    telemetry.count('drawsMade');
    telemetry.drawDelay(now() - stored.windowEnd);
  }
  return { made: all, waiting };
}

export function ignoreUnknownRun(key: RunKey, telemetry: Telemetry): [] {
  telemetry.count('recordsIgnored');
  telemetry.warn('A partial names a run that no lottery has', { lotteryId: key.lotteryId, run: key.run });
  return [];
}
