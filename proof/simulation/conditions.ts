import type { Emulation } from '../../local/event-source-mapping/index.ts';
import type { FaultRates } from '../../local/faults/plan.ts';
import { Random } from '../../local/faults/random.ts';

/** Under what a run takes place: its seed chooses, so that many seeds meet what one set of numbers would not. */
export interface Conditions {
  /** Events a second, of all players together: from a calm evening to more than one shard takes. */
  readonly rate: number;
  readonly faults: FaultRates;
  /** How long things go on going wrong after the last event, ms. */
  readonly aftermathMs: number;
  readonly emulation: Partial<Emulation>;
  /** Whether it begins with broken code, and an operator who limits the retries (outage.ts). */
  readonly outage: Outage | undefined;
  /** From when on the beacon is out of reach, after the run's begin, and for how long: minutes, ms. */
  readonly beaconOutage: { readonly afterMs: number; readonly forMs: number } | undefined;
  /** Whether old events are replayed: the clock tolerance is off, and time is the clicks' own. */
  readonly replay: boolean;
}

export interface Outage {
  /** How many of the records the code fails at. */
  readonly share: number;
  readonly retryAttempts: number;
}

/** Half of the runs are at this: they last, and so the most can befall them. */
const USUAL = 100;
const CALMEST = 60;
const BUSIEST = 3_000;

export function conditionsOf(seed: number | string): Conditions {
  const random = new Random(seed, 'conditions');
  const ofBeacon = new Random(seed, 'conditions of the beacon');
  const between = (least: number, most: number) => least + (most - least) * random.next();
  const some = CALMEST * (BUSIEST / CALMEST) ** random.next();
  const rate = random.chance(0.5) ? USUAL : some;
  return {
    rate,
    // Some runs meet few faults, some so many that two of them meet.
    faults: {
      call: between(0.02, 0.25),
      delivery: between(0.05, 0.4),
      poll: between(0, 0.03),
      mirror: 0.5 * ofBeacon.next(),
      environmentEveryMs: between(500, 2_500),
      // A long one leaves a backlog.
      disabledMs: random.chance(0.8) ? between(300, 2_000) : 10_000,
      hangMs: 5_500,
    },
    aftermathMs: between(500, 6_000),
    emulation: {
      // From before the window's last entries can have come to long after its grace.
      idleWindowCloseMs: random.pick([500, 5_000, 5_000, 15_000]),
      // AWS does not say which of the two it does.
      emptyFinalInvocation: random.chance(0.5),
      sqsConcurrency: 2,
      sqsWaitSeconds: 0,
    },
    ...kindOf(random),
    beaconOutage: beaconOutage(ofBeacon),
  };
}

/** What a replay has given up has not moved its clock: whoever meets that replays from the beginning. */
function kindOf(random: Random): Pick<Conditions, 'outage' | 'replay'> {
  if (random.chance(0.15)) return { replay: true, outage: undefined };
  const outage = { share: random.pick([0.01, 0.1, 0.5]), retryAttempts: random.below(3) };
  return { replay: false, outage: random.chance(0.2) ? outage : undefined };
}

function beaconOutage(random: Random): Conditions['beaconOutage'] {
  if (!random.chance(0.1)) return undefined;
  return { afterMs: 10_000 * random.next(), forMs: 120_000 + 180_000 * random.next() };
}
