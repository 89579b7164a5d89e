/**
 * What is done to a running pipeline on purpose (docs/faults.md). Four places: an AWS call of a function, the
 * delivery of a batch to a function, the mirrors of the beacon, and the environment as a whole.
 */

export const callFaults = [
  /** The execution environment is killed, the call never reaches the service. */
  'killedBeforeCall',
  /** The call is on its way when the execution environment is killed; it takes effect. */
  'killedDuringCall',
  /** The call took effect, the execution environment is killed before it learns of it. */
  'killedAfterCall',
  /** No answer, for longer than the function may run. The call took effect or not, by the seed. */
  'callHangs',
  /** The call is slow to arrive: by then another invocation may have gone on with the same keys. */
  'callDelayed',
  /** The service refuses the call: too many. */
  'callThrottled',
  /** The service answers with an error of its own. */
  'callFailed',
  /** The service answers so to this call and several after it: more than the SDK's own attempts. */
  'serviceDown',
  /** Some of a batch's entries fail, and did not take effect. */
  'partOfBatchThrottled',
  /** Some of a batch's entries are reported as failed, though they took effect. */
  'partOfBatchFailedAfterEffect',
  /** The call took effect, the connection breaks before the answer. */
  'answerLost',
] as const;

export const deliveryFaults = [
  /** The same batch once more, after the first is done. */
  'deliveredTwice',
  /** The same batch twice at a time; the second may still run when the mapping goes on. */
  'deliveredTwiceAtOnce',
  /** The poller is lost while the function runs, and the function runs on: beside the next poller's batch, which may be larger. */
  'pollerLost',
  /** The function did its work, its response is lost: to the mapping the invocation has failed. */
  'responseLost',
  /** A window's state grows above its limit: the window ends early. */
  'windowEndedEarly',
] as const;

export const mirrorFaults = [
  /** A mirror refuses a request. */
  'mirrorDown',
  /** It does not answer, for longer than anybody waits. */
  'mirrorHangs',
  /** It answers with the round before, and says so. */
  'mirrorBehind',
  /** It answers with the signature of another round as if it were that of the one that is asked for. */
  'mirrorLies',
  /** All of them refuse several requests in a row: more than one for each. */
  'beaconDown',
] as const;

/** What makes a batch that is delivered twice at once matter: one of the two writes when the other, and later ones, have. */
const overlapFaults = ['writeHeld'] as const;

export const environmentFaults = [
  /** A shard of a stream is split in two. */
  'shardSplit',
  /** Two neighbouring shards of a stream are merged. */
  'shardsMerged',
  /** A topic gets one more partition: keys go to others than before. */
  'partitionAdded',
  /** A group gets another poller and loses its oldest, whose invocation runs on: partitions change hands. */
  'groupRebalanced',
  /** A mapping is disabled for a while, then enabled. */
  'mappingDisabled',
  /** All execution environments of a function are killed. */
  'functionKilled',
] as const;

/** A mapping's own calls to its source are refused. */
const pollFaults = ['pollThrottled'] as const;

export type CallFault = (typeof callFaults)[number];
export type DeliveryFault = (typeof deliveryFaults)[number];
export type MirrorFault = (typeof mirrorFaults)[number];
export type EnvironmentFault = (typeof environmentFaults)[number];
export type PollFault = (typeof pollFaults)[number];
export type OverlapFault = (typeof overlapFaults)[number];
export type FaultKind = OverlapFault | CallFault | DeliveryFault | MirrorFault | EnvironmentFault | PollFault;

/** How often each fault was injected. */
export class FaultLog {
  readonly #counts = new Map<FaultKind, number>();

  note(kind: FaultKind): void {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
  }

  get total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  /** By kind, those that occurred. */
  get byKind(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#counts].sort());
  }
}
