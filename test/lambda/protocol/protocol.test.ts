import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runSchedule } from './schedule.ts';

/**
 * The invariants are in audit.ts, in words. `PROTOCOL_SCHEDULES=4000 npx vitest run test/lambda/protocol` explores more
 * schedules, `PROTOCOL_SEED=2` others; the number of a schedule that fails is printed and fails again.
 */
const schedules = Number(process.env.PROTOCOL_SCHEDULES ?? 25);
const seed = Number(process.env.PROTOCOL_SEED ?? 1);

/** What has to happen in some schedule, or the invariants say little. */
const everyOutcome = [
  'CouponsBoughtEvent',
  'ClickAcceptedEvent',
  'EntryMovedEvent',
  'CouponRefundedEvent',
  'LotteryStartedEvent',
  'LotteryStoppedEvent',
  'LotteryWinnerEvent',
  'LotteryEndedEvent',
  'LOTTERY_ALREADY_STARTED',
  'LOTTERY_INACTIVE',
  'NO_COUPON',
  'DUPLICATE_EVENT',
  'TIMESTAMP_OUT_OF_RANGE',
  'INVALID_JSON',
];

describe('the protocol, under crashes anywhere', () => {
  it(`keeps its invariants in ${schedules} random schedules`, { timeout: 3_600_000 }, async () => {
    const kinds = new Set<string>();
    const outcomes = new Set<string>();
    const keepsInvariants = fc.asyncProperty(fc.nat(), async (schedule) => {
      const { violations, faults, simulation } = await runSchedule(schedule);
      for (const kind of faults.keys()) kinds.add(kind);
      for (const { type, reason } of [
        ...simulation.userOutputs.values,
        ...simulation.lotteryOutputs.values,
      ]) {
        outcomes.add(String(reason ?? type));
      }
      expect(violations).toEqual([]);
    });
    // A schedule's number says nothing of its size: there is nothing to shrink.
    await fc.assert(keepsInvariants, { numRuns: schedules, seed, endOnFailure: true });
    expect(kinds.size).toBeGreaterThan(20);
    expect([...outcomes]).toEqual(expect.arrayContaining(everyOutcome));
  });
});
