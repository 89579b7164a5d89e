import { type Clock, systemClock } from '../../../../local/clock.ts';

/**
 * The machine's clock, set ahead by as much as a test says: kinesalite stamps arrivals with the machine's time, so
 * time can be moved on for a mapping, but not held. Waits are real, and short in tests.
 */
export class ShiftedClock implements Clock {
  aheadMs = 0;

  now(): number {
    return systemClock.now() + this.aheadMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return systemClock.sleep(ms, signal);
  }
}
