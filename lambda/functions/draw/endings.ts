import { mapBounded } from '../../batch/map-bounded.ts';
import type { LateEntry } from '../../core/draw.ts';
import { lotteryEndedEvent } from '../../core/draw-outputs.ts';
import type { DrawState, OpenEnding } from '../../core/draw-state.ts';
import { takeDueEndings, withOpen } from '../../core/draw-state.ts';
import { hasWindow } from '../../core/lottery.ts';
import { type DrawTiming, runKey } from '../../core/window.ts';
import { withSeeds } from '../seeded-runs.ts';
import type { DrawDependencies } from './dependencies.ts';
import { writesInFlight } from './dependencies.ts';
import type { MadeDraw } from './make-draws.ts';
import { ignoreUnknownRun } from './make-draws.ts';

/**
 * Adds the endings that this invocation's draws bring: the draw of the last prize ends its lottery. And lets an
 * ending wait another grace for an entry that was just moved and is on its way through the stream.
 */
export function withEndings(
  state: DrawState,
  made: readonly MadeDraw[],
  late: readonly LateEntry[],
  clock: number,
  { windowMs }: DrawTiming,
): DrawState {
  const endings = { ...state.endings };
  for (const { open, run } of made) {
    const isLastPrize = run.prizes !== undefined && !hasWindow(run, open.windowStart + windowMs);
    if (!isLastPrize || run.status === 'ended') continue;
    const { lotteryId, windowStart: lastWindowStart, since } = open;
    endings[runKey(run)] ??= { lotteryId, run: run.run, lastWindowStart, since };
  }
  for (const moved of late) {
    const ending = endings[runKey(moved)];
    if (ending && moved.movedTo !== undefined) endings[runKey(moved)] = { ...ending, since: clock };
  }
  return { ...state, endings };
}

/**
 * Marks the runs that are over as ended, then reveals their seeds. An ending whose seed is missing waits.
 * @returns the state without those endings
 */
export async function endLotteries(
  state: DrawState,
  clock: number,
  { lotteries, seeds, lotteryOutputs, telemetry, settings }: DrawDependencies,
): Promise<DrawState> {
  const { due, rest } = takeDueEndings(state, clock, settings);
  if (due.length === 0) return rest;
  const { seeded, seedless } = await withSeeds(await lotteries.byRun(due), seeds, telemetry);
  const waiting = due.filter((ending) => seedless.has(runKey(ending)));
  const ended = due.flatMap((ending: OpenEnding) => {
    if (seedless.has(runKey(ending))) return [];
    const run = seeded.get(runKey(ending));
    return run === undefined ? ignoreUnknownRun(ending, telemetry) : [run];
  });
  await mapBounded(writesInFlight, ended, (run) => lotteries.end(run));
  await lotteryOutputs.publish(
    ended.map((run) => ({ partitionKey: run.lotteryId, value: lotteryEndedEvent(run) })),
  );
  telemetry.count('lotteriesEnded', ended.length);
  return withOpen(rest, { endings: waiting });
}
