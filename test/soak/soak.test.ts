import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Assembly, synthesize } from '../../local/assembly.ts';
import { runSoak, soakContext } from '../../local/soak/soak.ts';

/** Short, so that several seeds fit into a test run; `npm run soak` is the long one. */
const seconds = 3;
const drainSeconds = 60;

let assembly: Assembly;

beforeAll(async () => {
  assembly = await synthesize({ environment: 'dev', context: soakContext('dev') });
});

afterAll(() => assembly.remove());

describe('a short soak', () => {
  it.each([1, 2, 3])('ends without violations: seed %i', { timeout: 120_000 }, async (seed) => {
    const report = await runSoak({
      ...{ environment: 'dev', seconds, players: 40, rate: 80, seed, drainSeconds },
      // More at a time than a long soak has, as there is less time.
      rates: { call: 0.12, delivery: 0.12, environmentEveryMs: 800, disabledMs: 600, hangMs: 5_500 },
      // Its files are needed by the next seed as well.
      assembly: { ...assembly, remove: async () => {} },
      command: `npm run soak -- --seconds ${seconds} --players 40 --rate 80 --faults ${seed}`,
    });
    expect(report.undrained).toEqual([]);
    expect(report.violations).toEqual([]);
    expect(report.faults.total).toBeGreaterThan(0);
    expect(report.outcomes.ClickAcceptedEvent).toBeGreaterThan(0);
    expect(report.draws).toBeGreaterThan(0);
  });
});
