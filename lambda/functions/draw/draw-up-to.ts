import type { OpenDraw, OpenDraws } from '../../core/draw-state.ts';
import { byId, split, unionOf, withRounds } from '../../core/draw-state.ts';
import type { LotteryRun } from '../../core/lottery.ts';
import { type DrawKey, drawIdOf, runKey } from '../../core/window.ts';
import { withSeeds } from '../seeded-runs.ts';
import type { DrawDependencies } from './dependencies.ts';
import { endRun } from './end-run.ts';
import { type Settled, settleAll } from './settle.ts';
import type { ArrivedTick } from './ticks-of.ts';
import { unlessMissing } from './unless-missing.ts';
import { nextLook, tellMissing, type Wait } from './waits.ts';

/** How long until it is looked again for what is not there, a seed or a block, ms. */
const pauseMs = 60_000;

const nothing: Settled = { settled: new Set(), rounds: new Map(), waits: [] };

/**
 * Closes the windows of a run up to the one that is complete, those of the state and those of the table, draws those that
 * wait for no round of the beacon, and ends the run if that was its last one. A draw outside its run is not made, and gives
 * its coupons back: its clicks were accepted before a stop was known.
 *
 * @param own of the run, from Lambda's state
 * @returns what is still open of them
 */
export async function drawUpTo(
  tick: ArrivedTick,
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
    if (own.length > 0) await lookAgain(tick, { due: own, later: {}, waits: [] }, dependencies);
    return byId(own);
  }
  const kept = await unlessMissing(tick, dependencies, () => openDraws.open(tick));
  if (kept === undefined) {
    // A draw that is made without knowing all of its blocks would leave entries out: those of the state wait, too.
    await lookAgain(tick, { due: own, later: {}, waits: [] }, dependencies);
    return byId(own);
  }
  const { taken: due, rest: later } = split(unionOf(kept, byId(own)), isUpTo(tick));
  const endsHere = isLast(tick, run);
  if (due.length === 0 && !endsHere) return byId(own);
  const { seeded } = await withSeeds(runs, seeds, telemetry);
  const seededRun = seeded.get(runKey(tick));
  const { settled, rounds, waits } =
    seededRun === undefined ? nothing : await settleAll(seededRun, tick.arrival, due, kept, dependencies);
  tellMissing(waits, dependencies);
  if (settled.size < due.length || seededRun === undefined)
    await lookAgain(tick, { due, later, waits, settled: settled.size }, dependencies);
  else if (endsHere) await endRun(seededRun, dependencies);
  return withRounds(split(byId(own), (draw) => settled.has(drawIdOf(draw))).rest, rounds);
}

function isUpTo(tick: DrawKey): (draw: OpenDraw) => boolean {
  return ({ windowStart }) => windowStart <= tick.windowStart;
}

function isLast(tick: DrawKey, { lastWindowStart }: LotteryRun): boolean {
  return lastWindowStart !== undefined && tick.windowStart >= lastWindowStart;
}

interface Left {
  readonly due: readonly OpenDraw[];
  readonly later: OpenDraws;
  readonly waits: readonly Wait[];
  /** How many of those that were due. */
  readonly settled?: number;
}

/**
 * Asks for another tick, one for all that is left: when the first of the rounds is to be had, or it is time to look for what
 * is missing. Unless there is one for a later window that is closed, and draws these as well: ticks would go on for each
 * window that ends meanwhile. Where only a seed or a block is missing the tick of one that is due will do: for a round that
 * would be too late, since such a tick may be put off as long as its inputs are not complete.
 */
async function lookAgain(
  { lotteryId, run, windowStart }: DrawKey,
  { due, later, waits, settled = 0 }: Left,
  { ticks, isReplay, now }: DrawDependencies,
): Promise<void> {
  // In a replay all that is open was due long ago, by the time of day.
  const isDue = ({ dueAt }: OpenDraw) => !isReplay && dueAt <= now();
  const hasTick = (draw: OpenDraw) => draw.round !== undefined || (waits.length === 0 && isDue(draw));
  if (Object.values(later).some(hasTick)) return;
  const isMissing = waits.length + settled < due.length || due.length === 0;
  const at = Math.min(nextLook(waits, now()), isMissing ? now() + pauseMs : Number.POSITIVE_INFINITY);
  const dueAt = Math.max(0, ...due.map((draw) => draw.dueAt));
  await ticks.send([{ at, dueAt, tick: { lotteryId, run, windowStart } }]);
}
