import type { Refund } from '../../core/draw.ts';
import { couponRefundEvent } from '../../core/draw-outputs.ts';
import type { OpenDraw } from '../../core/draw-state.ts';
import type { LotteryRun } from '../../core/lottery.ts';
import { drawIdOf } from '../../core/window.ts';
import type { DrawDependencies } from './dependencies.ts';
import type { MadeDraw } from './make-draws.ts';
import { entriesIn, type WholeDraw } from './whole-draws.ts';

/**
 * Entries that came after their draw was made: an operator redrove what had been given up. Each that is in none of the
 * blocks that the draw was made of gets its coupon back.
 *
 * @returns the draws that are settled with it; where one of those blocks is missing, nobody can say who is late
 */
export async function refundLate(
  run: LotteryRun,
  made: readonly MadeDraw[],
  dependencies: DrawDependencies,
): Promise<OpenDraw[]> {
  const settled: OpenDraw[] = [];
  for (const { open, blocks, entries, stored } of made) {
    if (!blocks.every((name) => stored.blocks.includes(name))) {
      const { drawId } = stored;
      const drawn = await entriesIn(drawId, stored.blocks, dependencies);
      if (drawn === undefined) continue;
      const missed = [...entries].filter(([entryId]) => !drawn.has(entryId));
      await refund(run, drawId, new Map(missed), dependencies);
    }
    settled.push(open);
  }
  return settled;
}

/**
 * Draws that are not made: outside their run, or after its end. One that was made before has its own entries.
 *
 * @returns those that are settled with it, as `refundLate`
 */
export async function refundAll(
  run: LotteryRun,
  draws: readonly WholeDraw[],
  dependencies: DrawDependencies,
): Promise<OpenDraw[]> {
  const settled: OpenDraw[] = [];
  for (const whole of draws) {
    const drawId = drawIdOf(whole.open);
    const stored = await dependencies.draws.drawOf(drawId);
    if (stored !== undefined) settled.push(...(await refundLate(run, [{ ...whole, stored }], dependencies)));
    else {
      await refund(run, drawId, whole.entries, dependencies);
      settled.push(whole.open);
    }
  }
  return settled;
}

/** Stored first, then asked for, as stored: to ask again does no harm, and not to ask would lose a coupon. */
async function refund(
  { lotteryId, run }: LotteryRun,
  drawId: string,
  entries: ReadonlyMap<string, string>,
  { refunds: store, userInputs, telemetry, now }: DrawDependencies,
): Promise<void> {
  if (entries.size === 0) return;
  const refunds = [...entries].map(
    ([entryId, userId]): Refund => ({ drawId, entryId, userId, lotteryId, run, grantedAt: now() }),
  );
  const { stored, isNew } = await store.putIfAbsent(refunds);
  telemetry.count('entriesRefunded', isNew);
  await userInputs.publish(
    stored.map((each) => ({ partitionKey: each.userId, value: couponRefundEvent(each) })),
  );
}
