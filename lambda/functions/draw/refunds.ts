import { rootOf } from '../../core/block.ts';
import type { Refund, StoredDraw } from '../../core/draw.ts';
import { couponRefundEvent } from '../../core/draw-outputs.ts';
import type { OpenDraw } from '../../core/draw-state.ts';
import type { LotteryRun } from '../../core/lottery.ts';
import { drawIdOf } from '../../core/window.ts';
import { blocksOf, eachBlock, entriesIn } from './blocks-of-draws.ts';
import type { DrawDependencies } from './dependencies.ts';
import type { MadeDraw } from './make-draws.ts';
import { unlessMissing } from './unless-missing.ts';

/**
 * Entries that came after their draw was closed: an operator redrove what had been given up. Each that is in none of the
 * blocks that it was closed with gets its coupon back.
 *
 * @returns the draws that are settled with it; where a block is missing, nobody can say who is late
 */
export async function refundLate(
  run: LotteryRun,
  made: readonly MadeDraw[],
  dependencies: DrawDependencies,
): Promise<OpenDraw[]> {
  const settled: OpenDraw[] = [];
  for (const { open, stored } of made) {
    const missed = await missedBy(stored, open, dependencies);
    if (missed === undefined) continue;
    await refund(run, stored.drawId, missed, dependencies);
    settled.push(open);
  }
  return settled;
}

/** The users of entries that a draw was not made with, by their ids. @returns undefined where a block is missing */
async function missedBy(
  { drawId, blocks }: StoredDraw,
  open: OpenDraw,
  dependencies: DrawDependencies,
): Promise<ReadonlyMap<string, string> | undefined> {
  const all = await blocksOf(open, dependencies);
  if (all === undefined) return undefined;
  const roots = new Set(blocks.map(rootOf));
  const others = all.filter((ref) => !roots.has(rootOf(ref)));
  if (others.length === 0) return new Map();
  const missed = await entriesIn(drawId, others, dependencies);
  if (missed === undefined) return undefined;
  const isWhole = await eachBlock(drawId, blocks, dependencies, (_, entries) => {
    for (const [entryId] of entries) missed.delete(entryId);
  });
  return isWhole ? missed : undefined;
}

/**
 * Draws that are not made: outside their run, or after its end. One that was made before has its own entries.
 *
 * @returns those that are settled with it, as `refundLate`
 */
export async function refundAll(
  run: LotteryRun,
  draws: readonly OpenDraw[],
  dependencies: DrawDependencies,
): Promise<OpenDraw[]> {
  const settled: OpenDraw[] = [];
  for (const open of draws) {
    const drawId = drawIdOf(open);
    const found = await unlessMissing(open, dependencies, async () => ({
      stored: await dependencies.draws.drawOf(drawId),
    }));
    if (found === undefined) continue;
    if (found.stored !== undefined) {
      settled.push(...(await refundLate(run, [{ open, stored: found.stored }], dependencies)));
      continue;
    }
    const blocks = await blocksOf(open, dependencies);
    const entries = blocks && (await entriesIn(drawId, blocks, dependencies));
    if (entries === undefined) continue;
    await refund(run, drawId, entries, dependencies);
    settled.push(open);
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
