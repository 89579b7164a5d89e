import { mapBounded } from '../../batch/map-bounded.ts';
import type { ClosedDraw } from '../../core/closed-draw.ts';
import { byId, type OpenDraw, type OpenDraws, split, withRounds } from '../../core/draw-state.ts';
import type { SeededRun } from '../../core/lottery.ts';
import { drawIdOf } from '../../core/window.ts';
import { closeDraws, isDrawn } from './close-draws.ts';
import type { DrawDependencies } from './dependencies.ts';
import { makeDraws } from './make-draws.ts';
import { inPieces } from './pieces.ts';
import { refundAll, refundLate } from './refunds.ts';
import type { Wait } from './waits.ts';

const readsInFlight = 16;

/** What became of the draws that were due. Those that are neither settled nor wait for a round wait for what is missing. */
export interface Settled {
  /** Ids of those that nothing is left to do for. */
  readonly settled: ReadonlySet<string>;
  /** Rounds of those that are closed, and wait, by draw id. */
  readonly rounds: ReadonlyMap<string, number>;
  readonly waits: readonly Wait[];
}

interface Progress {
  readonly settled: Set<string>;
  readonly rounds: Map<string, number>;
  readonly waits: Wait[];
}

/**
 * Closes the draws that are due, then makes those whose rounds can be had, piece by piece, the earliest first: in an outage
 * of the beacon none waits for another to be closed. Without a beacon each piece is made when it is closed.
 * @param tickArrival ms
 * @param kept what the table has of the run: it is brought up to date after each piece
 */
export async function settleAll(
  run: SeededRun,
  tickArrival: number,
  due: readonly OpenDraw[],
  kept: OpenDraws,
  dependencies: DrawDependencies,
): Promise<Settled> {
  const progress: Progress = { settled: new Set(), rounds: new Map(), waits: [] };
  const left: OpenDraw[] = [];
  for (const some of inPieces(due)) {
    const { closed, left: own } = await close(run, tickArrival, some, dependencies);
    for (const { drawId, beacon } of closed.values()) progress.rounds.set(drawId, beacon?.round ?? 0);
    if (run.beacon === undefined) {
      await settle(run, own, closed, progress, dependencies);
    } else left.push(...own);
    await bringUpToDate(run, some, kept, progress, dependencies);
  }
  for (const some of inPieces(left)) {
    await settle(run, some, new Map(), progress, dependencies);
    await bringUpToDate(run, some, kept, progress, dependencies);
  }
  return progress;
}

/** In the table: of some draws, those that are settled go, and those that are closed are marked. */
async function bringUpToDate(
  run: SeededRun,
  some: readonly OpenDraw[],
  kept: OpenDraws,
  { settled, rounds }: Progress,
  { openDraws }: DrawDependencies,
): Promise<void> {
  const isOld = (open: OpenDraw) => {
    const drawId = drawIdOf(open);
    return (
      Object.hasOwn(kept, drawId) && (settled.has(drawId) || (rounds.has(drawId) && open.round === undefined))
    );
  };
  if (!some.some(isOld)) return;
  await openDraws.change(run, (open) =>
    withRounds(split(open, (draw) => settled.has(drawIdOf(draw))).rest, rounds),
  );
}

/** @returns what is closed now, by draw id, and what is left to settle: the closed ones, marked, and those that are refunded */
async function close(
  run: SeededRun,
  tickArrival: number,
  draws: readonly OpenDraw[],
  dependencies: DrawDependencies,
): Promise<{ readonly closed: ReadonlyMap<string, ClosedDraw>; readonly left: readonly OpenDraw[] }> {
  const decided = await mapBounded(readsInFlight, draws, async (open) => ({
    open,
    isDrawn: await isDrawn(run, open, dependencies),
  }));
  const opened = decided.flatMap(({ open, isDrawn }) => (isDrawn && open.round === undefined ? [open] : []));
  const closed = await closeDraws(run, tickArrival, opened, dependencies);
  const left = decided.flatMap(({ open, isDrawn }) => {
    const own = closed.get(drawIdOf(open));
    if (own !== undefined) return [{ ...open, round: own.beacon?.round ?? 0 }];
    return open.round !== undefined || isDrawn === false ? [open] : [];
  });
  return { closed, left };
}

/** @param draws with the mark those that are closed, without it those that are refunded */
async function settle(
  run: SeededRun,
  draws: readonly OpenDraw[],
  closed: ReadonlyMap<string, ClosedDraw>,
  { settled, waits }: Progress,
  dependencies: DrawDependencies,
): Promise<void> {
  const { taken, rest } = split(byId(draws), ({ round }) => round !== undefined);
  const { made, waits: own } = await makeDraws(run, taken, closed, dependencies);
  waits.push(...own);
  const done = [
    ...(await refundLate(run, made, dependencies)),
    ...(await refundAll(run, Object.values(rest), dependencies)),
  ];
  for (const open of done) settled.add(drawIdOf(open));
}
