import { expect, it } from 'vitest';
import { soakContext } from '../../../proof/soak/options.ts';
import { runSoak } from '../../../proof/soak/soak.ts';
import { sharedAssembly } from '../../support/shared-assembly.ts';

/** Short; `npm run soak` is the long one. */
const seconds = 2;

/** Of 22; each seed has 10 or more here, also where the machine is slow. */
const leastKinds = 4;

it('a short soak meets faults of many kinds and events that come again, and ends without violations', async () => {
  const report = await runSoak({
    ...{ environment: 'dev', seconds, players: 40, rate: 80, seed: 1, drainSeconds: 300 },
    // More at a time than a long soak has, as there is less time: of a few dozen deliveries some must come again.
    rates: { call: 0.12, delivery: 0.3, environmentEveryMs: 800, disabledMs: 600, hangMs: 5_500 },
    assembly: await sharedAssembly({ environment: 'dev', context: soakContext('dev') }),
    command: `npm run soak -- --seconds ${seconds} --players 40 --rate 80 --faults 1`,
  });
  expect(report.undrained).toEqual([]);
  expect(report.violations).toEqual([]);
  expect(report.faults.kinds).toBeGreaterThanOrEqual(leastKinds);
  expect(report.replays).toBeGreaterThan(0);
});
