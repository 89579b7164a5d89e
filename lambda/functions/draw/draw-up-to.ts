import type { OpenDraw, OpenDraws } from '../../core/draw-state.ts';
import { split, unionOf } from '../../core/draw-state.ts';
import type { LotteryRun, SeededRun } from '../../core/lottery.ts';
import { hasWindow } from '../../core/lottery.ts';
import { type DrawKey, drawIdOf, runKey } from '../../core/window.ts';
import { withSeeds } from '../seeded-runs.ts';
import type { DrawDependencies } from './dependencies.ts';
import { endRun } from './end-run.ts';
import { makeDraws } from './make-draws.ts';
import { refundAll, refundLate } from './refunds.ts';
import { type WholeDraw, withEntries } from './whole-draws.ts';

/** How long until it is looked again for what is not there, a seed or a block, ms. */
const pauseMs = 60_000;

/**
 * Blocks of the draws that are made together, where they are more than one: after an outage a run may have thousands, the
 * entries of each are in memory, and what is done is done when the time is out.
 */
const blocksAtATime = 32;

/**
 * Draws the windows of a run up to the one that is complete, those of the state and those of the table, and ends the run
 * if that was its last one. A draw outside its run is not made, and gives its coupons back: its clicks were accepted
 * before a stop was known.
 *
 * @param own of the run, from Lambda's state
 * @returns what is still open of them
 */
export async function drawUpTo(
  tick: DrawKey,
  own: readonly OpenDraw[],
  dependencies: DrawDependencies,
): Promise<OpenDraws> {
  const { lotteries, openDraws, seeds, telemetry } = dependencies;
  const runs = await lotteries.byRun([tick]);
  const run = runs.get(runKey(tick));
  if (run === undefined) {
    telemetry.count('recordsIgnored');
    telemetry.warn('A tick names a run that no lottery has', { lotteryId: tick.lotteryId, run: tick.run });
    // Somebody took its item away: its entries stay, and it is looked for again.
    if (own.length > 0) await lookAgain(tick, { due: own, later: {} }, dependencies);
    return byId(own);
  }
  const kept = await openDraws.open(tick);
  const { taken: due, rest: later } = split(unionOf(kept, byId(own)), isUpTo(tick));
  const endsHere = isLast(tick, run);
  if (due.length === 0 && !endsHere) return byId(own);
  const { seeded } = await withSeeds(runs, seeds, telemetry);
  const seededRun = seeded.get(runKey(tick));
  const settled =
    seededRun === undefined ? new Set<string>() : await settleAll(seededRun, due, kept, dependencies);
  if (settled.size < due.length || seededRun === undefined)
    await lookAgain(tick, { due, later }, dependencies);
  else if (endsHere) await endRun(seededRun, dependencies);
  return split(byId(own), (draw) => settled.has(drawIdOf(draw))).rest;
}

function byId(draws: readonly OpenDraw[]): OpenDraws {
  return Object.fromEntries(draws.map((draw) => [drawIdOf(draw), draw]));
}

function isUpTo(tick: DrawKey): (draw: OpenDraw) => boolean {
  return ({ windowStart }) => windowStart <= tick.windowStart;
}

function isLast(tick: DrawKey, { lastWindowStart }: LotteryRun): boolean {
  return lastWindowStart !== undefined && tick.windowStart >= lastWindowStart;
}

/** The earliest first. @returns the ids of those that are settled; the others wait for what is missing */
async function settleAll(
  run: SeededRun,
  due: readonly OpenDraw[],
  kept: OpenDraws,
  dependencies: DrawDependencies,
): Promise<ReadonlySet<string>> {
  const settled = new Set<string>();
  const ordered = due.toSorted((left, right) => left.windowStart - right.windowStart);
  for (const some of inPieces(ordered)) {
    const done = await settle(run, some, dependencies);
    for (const draw of done) settled.add(drawIdOf(draw));
    if (!done.some((draw) => Object.hasOwn(kept, drawIdOf(draw)))) continue;
    await dependencies.openDraws.change(
      run,
      (open) => split(open, (draw) => settled.has(drawIdOf(draw))).rest,
    );
  }
  return settled;
}

function inPieces(draws: readonly OpenDraw[]): OpenDraw[][] {
  const pieces: OpenDraw[][] = [];
  let blocks = 0;
  for (const draw of draws) {
    const piece = pieces.at(-1);
    // Nobody knows how many there are in a list: such a draw stands alone.
    blocks += draw.lists === undefined ? draw.blocks.length : blocksAtATime;
    if (piece !== undefined && blocks <= blocksAtATime) {
      piece.push(draw);
      continue;
    }
    pieces.push([draw]);
    blocks = draw.lists === undefined ? draw.blocks.length : blocksAtATime;
  }
  return pieces;
}

/** @returns those that are settled */
async function settle(
  run: SeededRun,
  draws: readonly OpenDraw[],
  dependencies: DrawDependencies,
): Promise<OpenDraw[]> {
  const whole = await withEntries(draws, dependencies);
  const {
    made = [],
    refunded = [],
    empty = [],
  } = Object.groupBy(whole, ({ open, entries }) => {
    if (entries.size === 0) return 'empty';
    return run.status !== 'ended' && hasWindow(run, open.windowStart) ? 'made' : 'refunded';
  });
  const settled = [
    ...(await refundLate(run, await makeDraws(run, made, dependencies), dependencies)),
    ...(await refundAll(run, refunded, dependencies)),
  ];
  return [...settled, ...withoutEntries(empty, dependencies)];
}

/** A partial named blocks that hold nothing of its draw: a defect, and no reason to stop. */
function withoutEntries(draws: readonly WholeDraw[], { telemetry }: DrawDependencies): OpenDraw[] {
  return draws.map(({ open }) => {
    telemetry.count('recordsIgnored');
    telemetry.warn('The blocks of a draw have none of its entries', { drawId: drawIdOf(open) });
    return open;
  });
}

/**
 * Asks for another tick, unless there is one for a later window, which draws this one as well: ticks would go on for each
 * window that ends meanwhile.
 */
async function lookAgain(
  { lotteryId, run, windowStart }: DrawKey,
  { due, later }: { readonly due: readonly OpenDraw[]; readonly later: OpenDraws },
  { ticks, now }: DrawDependencies,
): Promise<void> {
  if (Object.values(later).some((draw) => draw.dueAt <= now())) return;
  const dueAt = Math.max(0, ...due.map((draw) => draw.dueAt));
  await ticks.send([{ at: now() + pauseMs, dueAt, tick: { lotteryId, run, windowStart } }]);
}
