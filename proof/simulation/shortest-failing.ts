import { type SimulationOptions, simulate } from './simulate.ts';

/**
 * The fewest events with which a seed still fails, as far as halving finds them: the players of a seed make the same
 * events in the same order, however many there are.
 */
export async function shortestFailing(options: SimulationOptions): Promise<number> {
  let failing = options.events;
  let step = Math.floor(failing / 2);
  while (step >= 1) {
    const events = failing - step;
    if (events >= 1 && (await fails({ ...options, events }))) failing = events;
    else step = Math.floor(step / 2);
  }
  return failing;
}

/** One that throws does not come to its end, which is a failure as well. */
async function fails(options: SimulationOptions): Promise<boolean> {
  try {
    const { violations, undrained } = await simulate(options);
    return violations.length + undrained.length > 0;
  } catch {
    return true;
  }
}
