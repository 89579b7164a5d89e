import { mapBounded } from '../../batch/map-bounded.ts';
import { partOfRun } from '../../core/live-part.ts';
import type { LotteryRun } from '../../core/lottery.ts';
import { type RunKey, runKey } from '../../core/window.ts';
import type { LiveDependencies } from './dependencies.ts';

/** Stands for a shard: what is learnt of the table is a part as any other, and so it is looked up once. */
const ofTable = 'lotteries';

type Dependencies = Pick<LiveDependencies, 'runs' | 'parts' | 'now'>;

/**
 * Looks runs up whose start is on no stream any more: the page is younger than they are, or was off for longer than the
 * retention. What the streams say of a run is said after it is in the table, so a consistent read has it. A start that is merely
 * still to be read says the same again.
 * @returns the channels of those that are known now
 */
export async function learnRuns(
  unknown: ReadonlyMap<string, RunKey>,
  limit: number,
  dependencies: Dependencies,
): Promise<string[]> {
  if (unknown.size === 0) return [];
  const found = await dependencies.runs.byRun([...unknown.values()]);
  const known = [...unknown].flatMap(([channel, key]) => {
    const run = found.get(runKey(key));
    return run === undefined ? [] : [{ channel, run }];
  });
  await mapBounded(limit, known, ({ channel, run }) => keep(channel, run, dependencies));
  return known.map(({ channel }) => channel);
}

/** Where somebody else has kept it meanwhile, or a later one, it stays as it is. */
async function keep(channel: string, run: LotteryRun, { parts, now }: Dependencies): Promise<void> {
  const before = (await parts.load([channel], ofTable)).get(channel)?.stored;
  if (before !== undefined && before.part.run >= run.run) return;
  await parts.replace({
    ...{ channel, lotteryId: run.lotteryId, shard: ofTable, before, now: now() },
    next: { position: String(run.run), part: partOfRun(run) },
  });
}
