import { lotteryEndedEvent } from '../../core/draw-outputs.ts';
import type { SeededRun } from '../../core/lottery.ts';
import type { DrawDependencies } from './dependencies.ts';

/** Marks a run as ended, after its last draw, then reveals its seed: again at each tick that comes after. */
export async function endRun(
  run: SeededRun,
  { lotteries, lotteryOutputs, telemetry }: DrawDependencies,
): Promise<void> {
  await lotteries.end(run);
  await lotteryOutputs.publish([{ partitionKey: run.lotteryId, value: lotteryEndedEvent(run) }]);
  if (run.status !== 'ended') telemetry.count('lotteriesEnded');
}
