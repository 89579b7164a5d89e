import type { ScheduleOptions, ScheduleResult } from './schedule.ts';
import { runSchedule } from './schedule.ts';

const mostSchedules = 200;

/** The first random schedule that violates an invariant, from seed 1 on. @throws when there is none */
export async function findViolation(options?: ScheduleOptions): Promise<ScheduleResult> {
  for (let seed = 1; seed <= mostSchedules; seed += 1) {
    const result = await runSchedule(seed, options);
    if (result.violations.length > 0) return result;
  }
  throw new Error(`No violation in ${mostSchedules} schedules`);
}
