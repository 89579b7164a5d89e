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

/** @returns those whose blocks are all there. Somebody took or changed the others': drawn without them, it would be another draw */
export async function withEntries(
  due: readonly OpenDraw[],
  { blocks, telemetry }: Pick<DrawDependencies, 'blocks' | 'telemetry'>,
): Promise<WholeDraw[]> {
  const whole = await mapBounded(draws, due, async (open) => {
    const found = await blocks.read(open.blocks);
    const missing = open.blocks.filter((name) => !found.has(name));
    if (missing.length === 0) return [{ open, entries: entriesOf(drawIdOf(open), found) }];
    telemetry.count('blocksMissing', missing.length);
    telemetry.warn('Blocks of a draw are missing, or were changed', { drawId: drawIdOf(open), missing });
    return [];
  });
  return whole.flat();
}

/** What a draw has of some blocks: the users of its entries, each once. */
export function entriesOf(drawId: string, blocks: ReadonlyMap<string, Block>): Map<string, string> {
  const entries = new Map<string, string>();
  for (const block of blocks.values()) {
    const own = Object.hasOwn(block, drawId) ? block[drawId] : undefined;
    for (const [entryId, userId] of own ?? []) entries.set(entryId, userId);
  }
  return entries;
}
