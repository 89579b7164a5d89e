import type { LotteryRun, SeededRun } from '../core/lottery.ts';
import type { Seeds } from '../ports/ports.ts';
import type { Telemetry } from '../ports/telemetry.ts';

export interface SeededRuns {
  /** By the keys of the runs that were asked for. */
  readonly seeded: ReadonlyMap<string, SeededRun>;
  /** Those whose seed is not there: what needs it waits, and nothing else does. */
  readonly seedless: ReadonlyMap<string, LotteryRun>;
}

/**
 * Runs with their seeds. A seed is stored before its run and never deleted, so that one is missing only where somebody
 * took it away, or changed it: drawn without it, or with another one, a winner could never be checked. It is told, and
 * must stop no other lottery.
 */
export async function withSeeds(
  runs: ReadonlyMap<string, LotteryRun>,
  seeds: Seeds,
  telemetry: Telemetry,
): Promise<SeededRuns> {
  const commitments = new Set([...runs.values()].map(({ seedCommitment }) => seedCommitment));
  const found = await seeds.byCommitment([...commitments]);
  const seeded = new Map<string, SeededRun>();
  const seedless = new Map<string, LotteryRun>();
  for (const [key, run] of runs) {
    const seed = found.get(run.seedCommitment);
    if (seed === undefined) seedless.set(key, run);
    else seeded.set(key, { ...run, seed });
  }
  for (const { lotteryId, run, seedCommitment } of seedless.values()) {
    telemetry.count('seedsMissing');
    telemetry.warn('The seed of a run is missing, or was changed', { lotteryId, run, seedCommitment });
  }
  return { seeded, seedless };
}
