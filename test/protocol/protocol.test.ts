import { describe, expect, it } from 'vitest';
import { runSchedule } from './schedule.ts';

/** `PROTOCOL_SCHEDULES=4000 npx vitest run test/protocol` explores more; a seed that fails here fails again. */
const schedules = Number(process.env.PROTOCOL_SCHEDULES ?? 300);
const firstSeed = Number(process.env.PROTOCOL_SEED ?? 1);

describe('the protocol, under crashes anywhere', () => {
  it(`keeps its invariants in ${schedules} random schedules`, { timeout: 600_000 }, async () => {
    const faults = new Map<string, number>();
    for (let seed = firstSeed; seed < firstSeed + schedules; seed += 1) {
      const result = await runSchedule(seed);
      expect(result.violations, `seed ${seed}`).toEqual([]);
      for (const [kind, count] of result.faults) faults.set(kind, (faults.get(kind) ?? 0) + count);
    }
    expect([...faults.keys()].length).toBeGreaterThan(20);
  });
});
