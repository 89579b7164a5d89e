import * as z from 'zod/mini';
import { blockRefSchema } from './block.ts';
import type { PartialDraw } from './partial-draw.ts';
import { blockNameSchema, drawKeySchema } from './partial-draw.ts';
import { derivedTimeSchema, drawIdOf } from './window.ts';

const openDrawSchema = z.extend(drawKeySchema, {
  dueAt: derivedTimeSchema,
  /** References of blocks, each once. */
  blocks: z.array(blockRefSchema),
  /** Names of lists of further ones, which may overlap: those of a draw that outgrows the table's item. */
  lists: z.optional(z.array(blockNameSchema)),
  /** Of the beacon, once it is closed: it is not closed again at each tick. 0 where it has none. */
  round: z.optional(z.int().check(z.minimum(0))),
});

/** By draw id. */
export const openDrawsSchema = z.record(z.string(), openDrawSchema);

/** The state that Lambda carries through one of its tumbling windows for one shard: the draws that are open. */
export const drawStateSchema = z.object({ draws: z._default(openDrawsSchema, {}) });

/** A draw that waits for its tick: the blocks that its entries lie in. */
export type OpenDraw = z.infer<typeof openDrawSchema>;
export type OpenDraws = z.infer<typeof openDrawsSchema>;
export type DrawState = z.infer<typeof drawStateSchema>;

export function byId(draws: readonly OpenDraw[]): OpenDraws {
  return Object.fromEntries(draws.map((draw) => [drawIdOf(draw), draw]));
}

/** Order, repetition and grouping of partials do not matter. */
export function withPartials(draws: OpenDraws, partials: readonly PartialDraw[]): OpenDraws {
  const merged = { ...draws };
  for (const { block, lotteryId, run, windowStart, dueAt } of partials) {
    const drawId = drawIdOf({ lotteryId, run, windowStart });
    const known = merged[drawId] ?? { lotteryId, run, windowStart, dueAt, blocks: [] };
    if (known.blocks.includes(block)) continue;
    merged[drawId] = { ...known, blocks: [...known.blocks, block] };
  }
  return merged;
}

/** All of both. */
export function unionOf(left: OpenDraws, right: OpenDraws): OpenDraws {
  const union = { ...left };
  for (const [drawId, draw] of Object.entries(right)) {
    const known = union[drawId];
    union[drawId] = known ? bothOf(known, draw) : draw;
  }
  return union;
}

function bothOf(left: OpenDraw, right: OpenDraw): OpenDraw {
  const blocks = [...new Set([...left.blocks, ...right.blocks])];
  const lists = [...new Set([...(left.lists ?? []), ...(right.lists ?? [])])];
  const round = left.round ?? right.round;
  return { ...right, blocks, ...(lists.length > 0 && { lists }), ...(round !== undefined && { round }) };
}

/** The same, with the rounds of those that are closed. @param rounds by draw id */
export function withRounds(draws: OpenDraws, rounds: ReadonlyMap<string, number>): OpenDraws {
  const marked = { ...draws };
  for (const [drawId, draw] of Object.entries(draws)) {
    const round = rounds.get(drawId);
    if (round !== undefined) marked[drawId] = { ...draw, round };
  }
  return marked;
}

/** Those that a test holds for, and the others. */
export function split(
  draws: OpenDraws,
  test: (draw: OpenDraw) => boolean,
): { taken: OpenDraw[]; rest: OpenDraws } {
  const entries = Object.entries(draws);
  return {
    taken: entries.flatMap(([, draw]) => (test(draw) ? [draw] : [])),
    rest: Object.fromEntries(entries.filter(([, draw]) => !test(draw))),
  };
}
