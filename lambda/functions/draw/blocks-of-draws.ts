import { mapBounded } from '../../batch/map-bounded.ts';
import { entriesTree } from '../../core/batch-trees.ts';
import { type Block, type Entry, objectOf, rootOf } from '../../core/block.ts';
import type { OpenDraw } from '../../core/draw-state.ts';
import { drawIdOf } from '../../core/window.ts';
import type { DrawDependencies } from './dependencies.ts';

const listsInFlight = 16;

/** They are read at a time, and in memory until the next ones are. */
const blocksAtATime = 32;

type Dependencies = Pick<DrawDependencies, 'blocks' | 'telemetry'>;

/** References of all of its blocks, each once. @returns undefined where a list is missing, and where there are none */
export async function blocksOf(
  { blocks: own, lists = [], ...draw }: OpenDraw,
  { blocks, telemetry }: Dependencies,
): Promise<readonly string[] | undefined> {
  const found = await mapBounded(listsInFlight, lists, (name) => blocks.listed(name));
  const missing = lists.filter((_, index) => found[index] === undefined);
  const all = new Set([...own, ...found.flatMap((refs) => refs ?? [])]);
  if (missing.length === 0 && all.size > 0) return [...all];
  telemetry.count('blocksMissing', Math.max(1, missing.length));
  telemetry.warn('Lists of blocks of a draw are missing, or were changed', {
    drawId: drawIdOf(draw),
    missing,
  });
  return undefined;
}

/**
 * Goes through what a draw has of its blocks, in their order.
 * @returns false where one is missing, or has not the entries that its reference says: somebody took or changed it
 */
export async function eachBlock(
  drawId: string,
  refs: readonly string[],
  { blocks, telemetry }: Dependencies,
  visit: (root: string, entries: readonly Entry[]) => void,
): Promise<boolean> {
  for (let start = 0; start < refs.length; start += blocksAtATime) {
    const some = refs.slice(start, start + blocksAtATime);
    const found = await blocks.read(some.map(objectOf));
    const missing: string[] = [];
    for (const ref of some) {
      const entries = entriesOf(drawId, ref, found);
      if (entries === undefined) missing.push(ref);
      else visit(rootOf(ref), entries);
    }
    if (missing.length === 0) continue;
    telemetry.count('blocksMissing', missing.length);
    telemetry.warn('Blocks of a draw are missing, or were changed', { drawId, missing });
    return false;
  }
  return true;
}

function entriesOf(
  drawId: string,
  ref: string,
  found: ReadonlyMap<string, Block>,
): readonly Entry[] | undefined {
  const block = found.get(objectOf(ref));
  const own = block !== undefined && Object.hasOwn(block, drawId) ? block[drawId] : undefined;
  if (own === undefined || own.length === 0) return undefined;
  return entriesTree(drawId, own).root === rootOf(ref) ? own : undefined;
}

/** Their users, by their ids. @returns undefined where a block is missing */
export async function entriesIn(
  drawId: string,
  refs: readonly string[],
  dependencies: Dependencies,
): Promise<Map<string, string> | undefined> {
  const all = new Map<string, string>();
  const isWhole = await eachBlock(drawId, refs, dependencies, (_, entries) => {
    for (const [entryId, userId] of entries) all.set(entryId, userId);
  });
  return isWhole ? all : undefined;
}
