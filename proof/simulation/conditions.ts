import type { Emulation } from '../../local/event-source-mapping/index.ts';
import type { FaultRates } from '../../local/faults/plan.ts';
import { Random } from '../../local/faults/random.ts';
import type { KafkaConditions } from './kafka/simulated-kafka.ts';
import type { RetryLimits } from './mappings.ts';

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
  /** When starts and stops are written late (slow-lotteries.ts), after the run's begin, ms. */
  readonly slowLotteries: SlowLotteries | undefined;
  /** Whether old events are replayed: the clock tolerance is off, and time is the clicks' own. */
  readonly replay: boolean;
  /** Whether what goes out does so many events to a record. */
  readonly aggregatesOutputs: boolean;
  /** How far stamps of the input streams may step back, ms. */
  readonly inputJitterMs: number;
  /** What the outer streams are, unless somebody says it. */
  readonly connector: SimulatedConnector;
  /** Where they are topics. */
  readonly kafka: KafkaConditions;
  /** Whether blocks are missing for a while, or others than were put (taken-away.ts). */
  readonly takenAway: TakenAway | undefined;
}

export type SimulatedConnector = 'kinesis' | 'kafka';

export interface TakenAway {
  /** How many of the blocks. */
  readonly share: number;
  /** After the first draw has missed one of them. */
  readonly forMs: number;
  /** After the first events, ms; undefined: when the last draws are due. */
  readonly afterMs: number | undefined;
}

export interface SlowLotteries {
  readonly afterMs: number;
  readonly pausedMs: number;
  readonly forMs: number;
  readonly byMs: number;
}

export interface Outage {
  /** How many of the records the code fails at. */
  readonly share: number;
  /** A batch is halved, as the templates have it, or given up as a whole: together with what the code does not fail at. */
  readonly limits: RetryLimits;
}

/** Half of the runs are at this: they last, and so the most can befall them. */
const USUAL = 100;
const CALMEST = 60;
const BUSIEST = 3_000;
/**
 * In so many of the runs hardly anything goes wrong, and mappings look often. Their draws are made as soon as they may be,
 * where else a window waits for its shards for many seconds; lotteries end and start again within a second.
 */
const QUIET = 1 / 3;
const ON_TOPICS = 1 / 4;
/** Further the stamps of an input stream may not step back: the setting marginMilliseconds (lib/environments.ts). */
const MARGIN_MS = 250;

export function conditionsOf(seed: number | string): Conditions {
  const random = new Random(seed, 'conditions');
  const ofBeacon = new Random(seed, 'conditions of the beacon');
  const between = (least: number, most: number) => least + (most - least) * random.next();
  const some = CALMEST * (BUSIEST / CALMEST) ** random.next();
  const rate = random.chance(0.5) ? USUAL : some;
  const isQuiet = new Random(seed, 'quiet').chance(QUIET);
  return {
    rate,
    faults: {
      // Some runs meet few faults, some so many that two of them meet.
      ...{ call: between(0.02, 0.25), delivery: between(0.05, 0.4), poll: between(0, 0.03) },
      mirror: 0.5 * ofBeacon.next(),
      environmentEveryMs: between(500, 2_500),
      ...{ reshardedMeanwhile: 0.3, mostPartitions: 3 },
      // A long one leaves a backlog.
      disabledMs: random.chance(0.8) ? between(300, 2_000) : 10_000,
      hangMs: 5_500,
      ...(isQuiet && fewFaults(seed)),
    },
    aftermathMs: between(500, 6_000),
    emulation: {
      // From before the window's last entries can have come to long after its grace.
      idleWindowCloseMs: random.pick([500, 5_000, 5_000, 15_000]),
      // AWS does not say which of the two it does.
      emptyFinalInvocation: random.chance(0.5),
      sqsConcurrency: 2,
      sqsWaitSeconds: 0,
      ...(isQuiet && { pollIntervalMs: 200 }),
    },
    ...kindOf(random, new Random(seed, 'limits')),
    inputJitterMs: new Random(seed, 'stamps').pick([20, MARGIN_MS]),
    connector: new Random(seed, 'connector').chance(ON_TOPICS) ? 'kafka' : 'kinesis',
    kafka: kafkaOf(seed),
    takenAway: takenAwayOf(seed),
    aggregatesOutputs: new Random(seed, 'outputs').chance(0.3),
    slowLotteries: slowLotteriesOf(seed),
    beaconOutage: beaconOutage(ofBeacon),
  };
}

/**
 * Where the outer streams are topics. Whoever limits the retries has pollers of their own: on demand Lambda takes no limit. In a
 * replay a partition that is new has no time, and no shard before it: what was drawn by then would have been too early.
 */
export function conditionsOnTopics(seed: number | string): Conditions {
  const conditions = conditionsOf(seed);
  const { faults, replay, outage, kafka } = conditions;
  return {
    ...conditions,
    kafka: { ...kafka, isOnDemand: kafka.isOnDemand && outage === undefined },
    faults: { ...faults, ...(replay && { mostPartitions: 0 }) },
  };
}

function fewFaults(seed: number | string): Partial<FaultRates> {
  const random = new Random(seed, 'few faults');
  const upTo = (most: number) => most * random.next();
  return {
    call: upTo(0.01),
    delivery: upTo(0.03),
    poll: upTo(0.01),
    environmentEveryMs: 2_500 + upTo(7_500),
  };
}

/** Until the last ticks have come, mostly. In a replay they come when all is put, and find all blocks. */
function takenAwayOf(seed: number | string): TakenAway | undefined {
  const random = new Random(seed, 'taken away');
  if (!random.chance(0.15)) return undefined;
  const [share, forMs] = [random.pick([0.1, 1]), 10_000 * random.next()];
  return { share, forMs, afterMs: random.chance(0.5) ? 6_000 * random.next() : undefined };
}

function kafkaOf(seed: number | string): KafkaConditions {
  const random = new Random(seed, 'topics');
  const [partitions, isOnDemand] = [1 + random.below(3), random.chance(0.5)];
  return { partitions, isOnDemand, pollers: random.pick([1, 2, 2]) };
}

function slowLotteriesOf(seed: number | string): SlowLotteries | undefined {
  const random = new Random(seed, 'slow lotteries');
  if (!random.chance(0.15)) return undefined;
  const pausedMs = 5_000 + 5_000 * random.next();
  return {
    ...{ afterMs: 5_000 * random.next(), pausedMs, forMs: pausedMs + 5_000 },
    // Less than the function's time-out, with all that it does beside it.
    byMs: 4_000 + 500 * random.next(),
  };
}

/** What a replay has given up has not moved its clock: whoever meets that replays from the beginning. */
function kindOf(random: Random, ofLimits: Random): Pick<Conditions, 'outage' | 'replay'> {
  if (random.chance(0.25)) return { replay: true, outage: undefined };
  const share = random.pick([0.01, 0.1, 0.5]);
  const limits = {
    MaximumRetryAttempts: random.below(3),
    BisectBatchOnFunctionError: ofLimits.chance(0.5),
  };
  const outage = { share, limits };
  return { replay: false, outage: random.chance(0.2) ? outage : undefined };
}

function beaconOutage(random: Random): Conditions['beaconOutage'] {
  if (!random.chance(0.1)) return undefined;
  return { afterMs: 10_000 * random.next(), forMs: 120_000 + 180_000 * random.next() };
}
