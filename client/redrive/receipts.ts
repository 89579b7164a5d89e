import type { CollectedBlock } from '../../lambda/core/block.ts';
import { BlockCollector, parseBlock } from '../../lambda/core/block.ts';
import { type RunKey, runKey } from '../../lambda/core/window.ts';
import type { LotteryRuns } from '../../lambda/ports/ports.ts';
import type { OutputEvent } from '../output-events.ts';

/**
 * The block of accepted clicks, from their receipts and the runs that accepted them. Receipts go out after their block and its
 * partials, which may have been lost since: the stream forgets. It may have another root than the one that the receipts name:
 * blocks of one draw may overlap.
 *
 * @param events in the order of their stream; those that are no receipts count for nothing
 * @param marginMs as in `dueAt`
 * @returns undefined where there is no receipt
 * @throws Error that names a run that is not stored; z.ZodError for a receipt that no function has written
 */
export async function blockOfReceipts(
  events: readonly OutputEvent[],
  lotteries: LotteryRuns,
  marginMs: number,
): Promise<CollectedBlock | undefined> {
  const receipts = events.flatMap((event) => {
    if (event.type !== 'ClickAcceptedEvent') return [];
    const { lotteryId, entryId, userId, windowStart, drawId } = event;
    const key = { lotteryId: String(lotteryId), run: runOf(drawId) };
    return [{ key, windowStart, entry: [entryId, String(userId)] as const }];
  });
  const runs = await lotteries.byRun(receipts.map(({ key }) => key));
  const collector = new BlockCollector();
  for (const { key, windowStart, entry } of receipts) collector.add(stored(runs, key), windowStart, entry);
  const block = collector.finish(marginMs);
  // One that cannot be read would hold its draws up for ever.
  if (block) parseBlock(block.text);
  return block;
}

/** @throws Error that names the run when it is missing */
export function stored<Run>(runs: ReadonlyMap<string, Run>, key: RunKey): Run {
  const run = runs.get(runKey(key));
  if (run === undefined) throw new Error(`Run ${key.run} of lottery ${key.lotteryId} is not stored`);
  return run;
}

/** The run in a draw's id: `drawIdOf` writes it from the second on. The lottery's own id may hold any character. */
function runOf(drawId: string): number {
  return Number(/@\d+#(\d+)$/.exec(drawId)?.[1] ?? 1);
}
