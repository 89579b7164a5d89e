import { entriesTree } from '../../lambda/core/batch-trees.ts';
import { type Block, blockRef, type Entry, nameOf } from '../../lambda/core/block.ts';
import type { EntriesRecord } from '../../lambda/core/entries-records.ts';
import { partialRecord, tickRecord } from '../../lambda/core/entries-records.ts';
import { priority, windowSeed } from '../../lambda/core/fairness.ts';
import type { PartialDraw } from '../../lambda/core/partial-draw.ts';
import { drawIdOf } from '../../lambda/core/window.ts';
import type { BlockWriter } from '../../lambda/ports/ports.ts';
import { graceMs, marginMs, seed, windowMs } from './events.ts';

/** Records of the entries stream: of lottery 1's first run and its window of 0, where a test does not say others. */

const place = { lotteryId: '1', run: 1, windowStart: 0 };

/** When a window is complete. */
export const dueAtOf = (windowStart = 0) => windowStart + windowMs + graceMs + 1 + marginMs;

export const tickOf = (fields: Partial<typeof place> = {}): EntriesRecord =>
  tickRecord({ ...place, ...fields });

/**
 * Puts a block with one draw's entries, "shard:<n>" of the user <n> each.
 * @returns the partial that names it
 */
export async function partialWith(
  blocks: BlockWriter,
  entries: readonly number[],
  fields: Partial<PartialDraw> = {},
): Promise<EntriesRecord> {
  const draw = { ...place, ...fields };
  const drawId = drawIdOf(draw);
  const own = entries.map((n): Entry => [`shard:${n}`, String(n)]);
  const block: Block = { [drawId]: own };
  const text = JSON.stringify(block);
  const name = nameOf(text);
  await blocks.put(name, text);
  const ref = blockRef(name, entriesTree(drawId, own).root);
  return partialRecord({ dueAt: dueAtOf(draw.windowStart), block: ref, ...draw });
}

/** Who of them wins, by the rule itself: the lowest hash. */
export function winnerAmong(entryIds: readonly string[], windowStart = 0, lotteryId = '1'): string {
  const ranked = entryIds.map((entryId) => ({
    entryId,
    rank: priority(windowSeed(seed, lotteryId, windowStart), entryId),
  }));
  const [best] = ranked.toSorted((left, right) => (left.rank < right.rank ? -1 : 1));
  if (best === undefined) throw new RangeError('A draw without entries');
  return best.entryId;
}
