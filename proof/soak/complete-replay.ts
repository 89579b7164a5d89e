import { lotteryResources, lotterySettings } from '../../client/resources.ts';
import { latestTime } from '../../lambda/core/window.ts';
import type { RunningSoak } from './running-soak.ts';

/** In a replay nothing but the clicks moves time: what lies behind the last of them waits for a heartbeat into each shard. */
export async function completeReplay({ runtime, outer }: RunningSoak): Promise<void> {
  if (lotterySettings(runtime).toleranceMs !== undefined) return;
  const user = lotteryResources(runtime).userEventsInput;
  const inputs = outer.inputs({ user });
  await inputs.send(await inputs.open(), { type: 'Heartbeat', time: 2 * latestTime });
}
