import { Cleanup } from '../../local/cleanup.ts';
import { audited, drained } from './drain.ts';
import type { SoakOptions } from './options.ts';
import { play } from './play.ts';
import { nothingHappened, type SoakReport } from './report.ts';
import { startSoak } from './running-soak.ts';

/**
 * Runs the pipeline with simulated players under faults; then stops the faults, lets everything drain, and audits.
 * @throws Error when the runtime does not start or a player's record is not taken; what was started is stopped
 */
export async function runSoak(options: SoakOptions): Promise<SoakReport> {
  const cleanup = new Cleanup();
  try {
    const soak = await startSoak(options, cleanup);
    await play(soak);
    const report = await audited(await drained(soak));
    return { ...report, violations: [...report.violations, ...nothingHappened(report)] };
  } finally {
    await cleanup.run();
  }
}
