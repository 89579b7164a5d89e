import { lotteryResources, lotterySettings } from '../../client/resources.ts';
import { KinesisInputs } from '../../lambda/adapters/kinesis-inputs.ts';
import { standardRetry } from '../../lambda/adapters/retry.ts';
import { latestTime } from '../../lambda/core/window.ts';
import type { RunningSoak } from './running-soak.ts';

/** In a replay nothing but the clicks moves time: what lies behind the last of them waits for a heartbeat into each shard. */
export async function completeReplay({ runtime, clock }: RunningSoak): Promise<void> {
  if (lotterySettings(runtime).toleranceMs !== undefined) return;
  const retry = { ...standardRetry, sleep: (ms: number) => clock.sleep(ms), random: () => 0.5 };
  const user = lotteryResources(runtime).userEventsInput;
  const inputs = new KinesisInputs(runtime.clients.kinesis, { user }, retry);
  await inputs.send(await inputs.open(), { type: 'Heartbeat', time: 2 * latestTime });
}
