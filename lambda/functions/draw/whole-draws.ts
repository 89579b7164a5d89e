import { mapBounded } from '../../batch/map-bounded.ts';
import type { Block } from '../../core/block.ts';
import type { OpenDraw } from '../../core/draw-state.ts';
import { drawIdOf } from '../../core/window.ts';
import type { DrawDependencies } from './dependencies.ts';

/** Each has the entries of a window in memory. */
const draws = 4;

/** A draw that is due, with its entries: their users, by their ids. */
export interface WholeDraw {
  readonly open: OpenDraw;
  readonly entries: ReadonlyMap<string, string>;
}

type Dependencies = Pick<DrawDependencies, 'blocks' | 'telemetry'>;

/** @returns those whose blocks are all there: drawn without one, it would be another draw */
export async function withEntries(
  due: readonly OpenDraw[],
  dependencies: Dependencies,
): Promise<WholeDraw[]> {
  const whole = await mapBounded(draws, due, async (open) => {
    const entries = await entriesIn(drawIdOf(open), open.blocks, dependencies);
    return entries === undefined ? [] : [{ open, entries }];
  });
  return whole.flat();
}

/** What a draw has of some blocks. @returns undefined where one is missing: somebody took or changed it */
export async function entriesIn(
  drawId: string,
  names: readonly string[],
  { blocks, telemetry }: Dependencies,
): Promise<ReadonlyMap<string, string> | undefined> {
  const found = await blocks.read(names);
  const missing = names.filter((name) => !found.has(name));
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
