import { mapBounded } from '../../batch/map-bounded.ts';
import { type ClosedDraw, closedDraw, closingTime } from '../../core/closed-draw.ts';
import { drawClosedEvent } from '../../core/draw-outputs.ts';
import type { OpenDraw } from '../../core/draw-state.ts';
import { hasWindow, type LotteryRun, type SeededRun } from '../../core/lottery.ts';
import { drawIdOf } from '../../core/window.ts';
import { blocksOf } from './blocks-of-draws.ts';
import type { DrawDependencies } from './dependencies.ts';
import { unlessMissing } from './unless-missing.ts';

const writesInFlight = 16;

/**
 * Whether a draw is still made, and not refunded: its window lies in its run, or it was closed when it did. What was closed
 * is drawn, whatever somebody stops meanwhile.
 *
 * @returns undefined where it cannot be known now: something of it is missing
 */
export async function isDrawn(
  run: LotteryRun,
  open: OpenDraw,
  dependencies: Pick<DrawDependencies, 'closedDraws' | 'draws' | 'telemetry'>,
): Promise<boolean | undefined> {
  if (open.round !== undefined) return true;
  if (run.status !== 'ended' && hasWindow(run, open.windowStart)) return true;
  const drawId = drawIdOf(open);
  const { closedDraws, draws } = dependencies;
  return unlessMissing(open, dependencies, async () => {
    const closed = await closedDraws.closedOf(drawId);
    return closed !== undefined && (await draws.drawOf(drawId)) === undefined;
  });
}

/**
 * Fixes the entries of draws: stores each as closed if it is not there, then publishes what is stored. Whoever dies in
 * between closes again what is closed, with the same values.
 *
 * @param tickArrival of the tick that says that they are complete, ms
 * @returns those that are closed, by draw id; the others wait for their lists
 */
export async function closeDraws(
  run: SeededRun,
  tickArrival: number,
  draws: readonly OpenDraw[],
  dependencies: DrawDependencies,
): Promise<ReadonlyMap<string, ClosedDraw>> {
  const { closedDraws, lotteryOutputs, now } = dependencies;
  const closed = await mapBounded(writesInFlight, draws, async (open) => {
    const blocks = await blocksOf(open, dependencies);
    if (blocks === undefined) return [];
    const closedAt = closingTime(tickArrival, now());
    const draw = closedDraw(run, open.windowStart, blocks, closedAt);
    return (await unlessMissing(open, dependencies, () => closedDraws.closeIfAbsent(draw))) ?? [];
  });
  const stored = closed.flat();
  await lotteryOutputs.publish(
    stored.map((draw) => ({ partitionKey: draw.lotteryId, value: drawClosedEvent(draw) })),
  );
  return new Map(stored.map((draw) => [draw.drawId, draw]));
}
