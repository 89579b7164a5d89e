import { mapBounded } from '../../batch/map-bounded.ts';
import { drawFrom, type StoredDraw } from '../../core/draw.ts';
import { winnerEvent } from '../../core/draw-outputs.ts';
import type { SeededRun } from '../../core/lottery.ts';
import type { DrawDependencies } from './dependencies.ts';
import type { WholeDraw } from './whole-draws.ts';

const writesInFlight = 16;

/** A draw that was due, and what the table has of it. */
export interface MadeDraw extends WholeDraw {
  readonly stored: StoredDraw;
}

/** Stores each draw if it is not there, then publishes what is stored: a crash may have come before publishing. */
export async function makeDraws(
  run: SeededRun,
  due: readonly WholeDraw[],
  { draws, lotteryOutputs, telemetry, now }: DrawDependencies,
): Promise<MadeDraw[]> {
  const made = await mapBounded(writesInFlight, due, async (whole) => {
    const { open, blocks, entries } = whole;
    const draw = drawFrom(run, open.windowStart, entries, blocks);
    return { ...whole, ...(await draws.putDrawIfAbsent(draw)) };
  });
  await lotteryOutputs.publish(
    made.map(({ stored }) => ({ partitionKey: stored.lotteryId, value: winnerEvent(stored) })),
  );
  for (const { stored, isNew } of made) {
    if (!isNew) continue;
    telemetry.count('drawsMade');
    telemetry.drawDelay(now() - stored.windowEnd);
  }
  return made;
}
