import { beforeAll, describe, expect, it } from 'vitest';
import type { Assembly } from '../../local/assembly.ts';
import type { SoakReport } from '../../local/soak/report.ts';
import { runSoak, soakContext } from '../../local/soak/soak.ts';
import { sharedAssembly } from '../support/shared-assembly.ts';

/** Short, so that several seeds fit into a test run; `npm run soak` is the long one. */
const seconds = 4;
const drainSeconds = 300;

/** Of 21; each seed has 10 or more here, also where the machine is slow. */
const leastKinds = 4;

let assembly: Assembly;
const reports: SoakReport[] = [];

beforeAll(async () => {
  assembly = await sharedAssembly({ environment: 'dev', context: soakContext('dev') });
});

describe('a short soak', () => {
  it.each([1, 2])('ends without violations: seed %i', async (seed) => {
    const report = await runSoak({
      ...{ environment: 'dev', seconds, players: 40, rate: 80, seed, drainSeconds },
      // More at a time than a long soak has, as there is less time: of a few dozen deliveries some must come again.
      rates: { call: 0.12, delivery: 0.3, environmentEveryMs: 800, disabledMs: 600, hangMs: 5_500 },
      assembly,
      command: `npm run soak -- --seconds ${seconds} --players 40 --rate 80 --faults ${seed}`,
    });
    expect(report.undrained).toEqual([]);
    expect(report.violations).toEqual([]);
    reports.push(report);
  });

  it('meets faults of many kinds, and events that come again', () => {
    expect(reports.length).toBeGreaterThan(0);
    for (const { faults } of reports) expect(faults.kinds).toBeGreaterThanOrEqual(leastKinds);
    expect(reports.reduce((sum, { replays }) => sum + replays, 0)).toBeGreaterThan(0);
  });
});
