import { mapBounded } from '../../batch/map-bounded.ts';
import { type Block, objectOf } from '../../core/block.ts';
import type { OpenDraw } from '../../core/draw-state.ts';
import { drawIdOf } from '../../core/window.ts';
import type { DrawDependencies } from './dependencies.ts';

/** Each has the entries of a window in memory. */
const draws = 4;

const listsInFlight = 16;

/** A draw that is due, with the names of all its blocks, and its entries: their users, by their ids. */
export interface WholeDraw {
  readonly open: OpenDraw;
  readonly blocks: readonly string[];
  readonly entries: ReadonlyMap<string, string>;
}

type Dependencies = Pick<DrawDependencies, 'blocks' | 'telemetry'>;

/** @returns those whose lists and blocks are all there: drawn without one, it would be another draw */
export async function withEntries(
  due: readonly OpenDraw[],
  dependencies: Dependencies,
): Promise<WholeDraw[]> {
  const whole = await mapBounded(draws, due, async (open) => {
    const blocks = await blocksOf(open, dependencies);
    if (blocks === undefined) return [];
    const entries = await entriesIn(drawIdOf(open), blocks, dependencies);
    return entries === undefined ? [] : [{ open, blocks, entries }];
  });
  return whole.flat();
}

/** All of its names, each once. @returns undefined where a list is missing */
async function blocksOf(
  { blocks: own, lists = [], ...draw }: OpenDraw,
  { blocks, telemetry }: Dependencies,
): Promise<readonly string[] | undefined> {
  const found = await mapBounded(listsInFlight, lists, (name) => blocks.listed(name));
  const missing = lists.filter((_, index) => found[index] === undefined);
  if (missing.length === 0) return [...new Set([...own, ...found.flatMap((names) => names ?? [])])];
  telemetry.count('blocksMissing', missing.length);
  telemetry.warn('Lists of blocks of a draw are missing, or were changed', {
    drawId: drawIdOf(draw),
    missing,
  });
  return undefined;
}

/** What a draw has of some blocks. @returns undefined where one is missing: somebody took or changed it */
export async function entriesIn(
  drawId: string,
  names: readonly string[],
  { blocks, telemetry }: Dependencies,
): Promise<ReadonlyMap<string, string> | undefined> {
  const found = await blocks.read(names.map(objectOf));
  const missing = names.filter((name) => !found.has(objectOf(name)));
  if (missing.length === 0) return entriesOf(drawId, found);
  telemetry.count('blocksMissing', missing.length);
  telemetry.warn('Blocks of a draw are missing, or were changed', { drawId, missing });
  return undefined;
}

/** The users of its entries, each once. */
function entriesOf(drawId: string, blocks: ReadonlyMap<string, Block>): Map<string, string> {
  const entries = new Map<string, string>();
  for (const block of blocks.values()) {
    const own = Object.hasOwn(block, drawId) ? block[drawId] : undefined;
    for (const [entryId, userId] of own ?? []) entries.set(entryId, userId);
  }
  return entries;
}
