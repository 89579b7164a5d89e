import { seedCommitment } from '../lambda/core/fairness.ts';
import type { SeededRun } from '../lambda/core/lottery.ts';
import type { UserState } from '../lambda/core/user.ts';
import { runKey } from '../lambda/core/window.ts';
import type { DrawDependencies } from '../lambda/functions/draw/dependencies.ts';
import { TickRequests } from '../lambda/functions/ticks/requests.ts';
import type { UserEventsDependencies } from '../lambda/functions/user-events/dependencies.ts';
import type { LotteryRuns, Seeds, StreamPublisher, StreamRecord } from '../lambda/ports/ports.ts';
import type { Telemetry } from '../lambda/ports/telemetry.ts';

/**
 * The world of a function in memory, without cost: what is left is the product's own work. So these are not the fakes
 * of the tests (test/support/fakes), which keep, check and note what they are given, but ports that do nothing.
 */

export const windowMs = 10_000;
export const timing = { windowMs, graceMs: 2_000 };

const seed = '5e'.repeat(32);
export const run: SeededRun = {
  lotteryId: '1',
  run: 1,
  status: 'active',
  seed,
  seedCommitment: seedCommitment(seed),
};

export const seeds: Seeds = {
  byCommitment: async (commitments) => new Map(commitments.map((commitment) => [commitment, seed])),
};

export const lotteries: LotteryRuns = {
  current: async (lotteryIds) => new Map(lotteryIds.map((lotteryId) => [lotteryId, { ...run, lotteryId }])),
  byRun: async (keys) =>
    new Map(keys.map((key) => [runKey(key), { ...run, lotteryId: key.lotteryId, run: key.run }])),
};

export const telemetry: Telemetry = { count() {}, rejected() {}, drawDelay() {}, warn() {} };

export function ticks(): TickRequests {
  return new TickRequests({ send: async () => {} }, timing);
}

/** A draw function's: nothing is stored before, and nothing fails. */
export function drawWorld(now: () => number): DrawDependencies {
  const nowhere = new CountingPublisher();
  return {
    settings: timing,
    lotteries: { ...lotteries, end: async () => {} },
    seeds,
    draws: {
      putDrawIfAbsent: async (stored) => ({ stored, isNew: true, late: [] }),
      putLateEntryIfAbsent: async (stored) => ({ stored, isNew: true }),
    },
    lotteryOutputs: nowhere,
    userOutputs: nowhere,
    userInputs: nowhere,
    entries: nowhere,
    ticks: ticks(),
    telemetry,
    now,
  };
}

/** Takes records and tells how many. */
export class CountingPublisher implements StreamPublisher {
  records = 0;

  async publish(records: readonly StreamRecord[]): Promise<void> {
    this.records += records.length;
  }
}

/** Every user has coupons and a cursor, as one who clicked before; writes succeed and are forgotten. */
export function userEventsWorld(user: UserState, now: () => number): UserEventsDependencies {
  return {
    settings: {
      windowMs,
      graceMs: 2_000,
      toleranceMs: 120_000,
      retentionMs: 25 * 3_600_000,
      parallelizationFactor: 1,
    },
    users: {
      load: async (keys) => new Map(keys.map((key) => [key, user])),
      write: async (writes) => writes.map(() => ({ kind: 'written' })),
    },
    lotteries,
    seeds,
    refunds: { granted: async () => new Map() },
    outputs: new CountingPublisher(),
    entries: new CountingPublisher(),
    ticks: ticks(),
    telemetry,
    now,
    sleep: async () => {},
  };
}
