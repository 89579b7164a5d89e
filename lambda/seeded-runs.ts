import type { SeededRun } from './core/lottery.ts';
import type { LotteryRuns, RunKey, Seeds } from './ports.ts';

/**
 * Certain runs with their seeds, by `runKey`. Runs that no lottery has are absent from the answer.
 *
 * @throws Error when a run's seed is missing: it was stored before the run, and seeds are never deleted. What
 * needs it waits until it is put back; drawn without it, a winner could never be checked
 */
export async function seededRuns(
  keys: readonly RunKey[],
  lotteries: LotteryRuns,
  seeds: Seeds,
): Promise<Map<string, SeededRun>> {
  const runs = await lotteries.byRun(keys);
  const commitments = new Set([...runs.values()].map(({ seedCommitment }) => seedCommitment));
  const found = await seeds.byCommitment([...commitments]);
  const seeded = new Map<string, SeededRun>();
  for (const [key, run] of runs) {
    const seed = found.get(run.seedCommitment);
    if (seed === undefined) {
      throw new Error(`The seed of run ${run.run} of lottery ${run.lotteryId} is not in the seeds table`);
    }
    seeded.set(key, { ...run, seed });
  }
  return seeded;
}
