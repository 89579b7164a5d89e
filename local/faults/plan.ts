import type { CallFault, DeliveryFault, MirrorFault } from './kinds.ts';
import { Random } from './random.ts';

/** How much goes wrong: probabilities, and times in ms. */
export interface FaultRates {
  /** Of each AWS call of a function. */
  call: number;
  /** Of each delivery of a batch. */
  delivery: number;
  /** Of each poll of a stream by a mapping. */
  poll: number;
  /** Of each request for a round. */
  mirror: number;
  /** Longest wait from one fault of the environment to the next; the shortest is a quarter of it. */
  environmentEveryMs: number;
  /**
   * How often a stream is resharded twice in a row while its mapping is disabled. Engines that take their time for the
   * first refuse the second.
   */
  reshardedMeanwhile: number;
  /** More partitions than that no topic is given: each is polled by its mapping, and by whoever reads along. */
  mostPartitions: number;
  /** Longest time that a mapping stays disabled. */
  disabledMs: number;
  /** How long a call hangs: longer than the functions' Timeout. A request for a round hangs as long. */
  hangMs: number;
}

export const defaultRates: FaultRates = {
  call: 0.08,
  delivery: 0.08,
  poll: 0.01,
  mirror: 0.25,
  environmentEveryMs: 2_500,
  reshardedMeanwhile: 0,
  mostPartitions: 3,
  disabledMs: 1_500,
  hangMs: 8_000,
};

/**
 * Kills are rare a call, as an invocation that makes many calls would never come to its end; a call that hangs
 * costs seconds.
 */
const callWeights: Readonly<Record<CallFault, number>> = {
  killedBeforeCall: 1,
  killedDuringCall: 1.3,
  killedAfterCall: 1.7,
  callHangs: 0.4,
  callDelayed: 4,
  callThrottled: 4,
  callFailed: 4,
  serviceDown: 1,
  partOfBatchThrottled: 6,
  partOfBatchFailedAfterEffect: 4,
  answerLost: 5,
};

/** Of tables. */
export const writeOperations: ReadonlySet<string> = new Set([
  'BatchExecuteStatement',
  'PutItem',
  'UpdateItem',
]);

/** Where writes fail and reads do not, a batch goes on without some of its keys: what is left of it has to come again. */
const writeWeights = { ...callWeights, serviceDown: 6 };

const deliveryWeights = {
  deliveredTwice: 2,
  deliveredTwiceAtOnce: 3,
  pollerLost: 3,
  responseLost: 2,
} as const;

const mirrorWeights: Readonly<Record<MirrorFault, number>> = {
  mirrorDown: 3,
  mirrorHangs: 1,
  mirrorBehind: 3,
  mirrorLies: 4,
  beaconDown: 1,
};

/** The draw function's writes of one batch are of a draw first, and then of an entry that came too late for it. */
const mostWritesBeforeHeld = 2;

/** How late a call may arrive, ms: a few batches later. */
const longestDelayMs = 2_000;

/** Calls refused in a row: more than the four attempts of the functions' SDK clients, so that the batch fails. */
const outageCalls = { least: 5, most: 8 } as const;
/** Of writes, up to what has the next attempt of what failed fail as well. */
const outageWrites = { least: 5, most: 12 } as const;

/** Requests refused in a row: each mirror's, one or a few times. */
const outageRequests = { least: 4, most: 12 } as const;

export interface MirrorDecision {
  kind: MirrorFault;
  /** For `beaconDown`: how many requests are refused, this one included. */
  requests: number;
}

export interface CallDecision {
  kind: CallFault;
  /** For `callHangs`: whether the call takes effect. */
  takesEffect: boolean;
  /** For `callDelayed`. */
  delayMs: number;
  /** For `serviceDown`: how many calls are refused, this one included. */
  calls: number;
  /** For faults inside a batch: whether an entry fails. At least one does. */
  entries(count: number): boolean[];
}

/**
 * What goes wrong, decided by the seed alone: the nth call of an operation by a function, and the nth batch of a
 * function, meet the same fault in every run with that seed. What those calls and batches are, and what else goes
 * on at the time, depends on the machine's timing: a run cannot be replayed step by step.
 */
export class FaultPlan {
  readonly #seed: number | string;
  readonly #rates: FaultRates;

  constructor(seed: number | string, rates: FaultRates) {
    this.#seed = seed;
    this.#rates = rates;
  }

  call(functionName: string, operation: string, number: number): CallDecision | undefined {
    const random = new Random(this.#seed, `call/${functionName}/${operation}/${number}`);
    if (!random.chance(this.#rates.call)) return undefined;
    const isWrite = writeOperations.has(operation);
    const { least, most } = isWrite ? outageWrites : outageCalls;
    return {
      kind: random.weighted<CallFault>(isWrite ? writeWeights : callWeights),
      takesEffect: random.chance(0.5),
      delayMs: longestDelayMs * random.next(),
      calls: least + random.below(most - least + 1),
      entries: (count) => someOf(count, random),
    };
  }

  delivery(functionName: string, hasWindow: boolean, number: number): DeliveryFault | undefined {
    const random = new Random(this.#seed, `delivery/${functionName}/${number}`);
    if (!random.chance(this.#rates.delivery)) return undefined;
    return random.weighted<DeliveryFault>({ ...deliveryWeights, windowEndedEarly: hasWindow ? 3 : 0 });
  }

  /** @param number of the overlap */
  writesBeforeHeld(functionName: string, number: number): number {
    return new Random(this.#seed, `overlap/${functionName}/${number}`).below(mostWritesBeforeHeld + 1);
  }

  /** How long after a delivery its poller is lost, ms. @param number of the delivery */
  pollerLostAfterMs(functionName: string, number: number): number {
    return longestDelayMs * new Random(this.#seed, `poller/${functionName}/${number}`).next();
  }

  /** @param number of the request to this mirror */
  mirror(name: string, number: number): MirrorDecision | undefined {
    const random = new Random(this.#seed, `mirror/${name}/${number}`);
    if (!random.chance(this.#rates.mirror)) return undefined;
    const { least, most } = outageRequests;
    return {
      kind: random.weighted<MirrorFault>(mirrorWeights),
      requests: least + random.below(most - least + 1),
    };
  }

  poll(source: string, number: number): boolean {
    return new Random(this.#seed, `poll/${source}/${number}`).chance(this.#rates.poll);
  }
}

function someOf(count: number, random: Random): boolean[] {
  const certain = random.below(count);
  return Array.from({ length: count }, (_, index) => random.chance(0.3) || index === certain);
}
