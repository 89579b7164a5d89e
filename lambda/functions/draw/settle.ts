import { mapBounded } from '../../batch/map-bounded.ts';
import { type OpenDraw, type OpenDraws, split, withRounds } from '../../core/draw-state.ts';
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

/**
 * Closes the draws that are due, and makes those whose rounds can be had, piece by piece, the earliest first.
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
  const settled = new Set<string>();
  const rounds = new Map<string, number>();
  const waits: Wait[] = [];
  for (const some of inPieces(due)) {
    const done = await settle(run, tickArrival, some, dependencies);
    for (const drawId of done.settled) settled.add(drawId);
    for (const [drawId, round] of done.rounds) rounds.set(drawId, round);
    waits.push(...done.waits);
    const isKept = (drawId: string) => Object.hasOwn(kept, drawId);
    if (![...done.settled, ...done.rounds.keys()].some(isKept)) continue;
    await dependencies.openDraws.change(run, (open) =>
      withRounds(split(open, (draw) => settled.has(drawIdOf(draw))).rest, rounds),
    );
  }
  return { settled, rounds, waits };
}

async function settle(
  run: SeededRun,
  tickArrival: number,
  draws: readonly OpenDraw[],
  dependencies: DrawDependencies,
): Promise<Settled> {
  const decided = await mapBounded(readsInFlight, draws, async (open) => ({
    open,
    isDrawn: await isDrawn(run, open, dependencies),
  }));
  const drawn = decided.flatMap((each) => (each.isDrawn ? [each.open] : []));
  const refunded = decided.flatMap((each) => (each.isDrawn === false ? [each.open] : []));
  const opened = drawn.filter(({ round }) => round === undefined);
  const closed = await closeDraws(run, tickArrival, opened, dependencies);
  const ready = drawn.filter((open) => open.round !== undefined || closed.has(drawIdOf(open)));
  const { made, waits } = await makeDraws(run, ready, closed, dependencies);
  const settled = [
    ...(await refundLate(run, made, dependencies)),
    ...(await refundAll(run, refunded, dependencies)),
  ];
  const ids = new Set(settled.map(drawIdOf));
  const rounds = [...closed.values()].flatMap(({ drawId, beacon }) =>
    ids.has(drawId) ? [] : [[drawId, beacon?.round ?? 0] as const],
  );
  return { settled: ids, rounds: new Map(rounds), waits };
}
