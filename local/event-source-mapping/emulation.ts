import { PAYLOAD_BYTES } from '../payload.ts';

/**
 * What AWS does not document, or what a laptop wants otherwise. Each point where the emulator had to choose is
 * one named setting here, so that no choice hides in the code; docs/local-runtime.md lists them with reasons.
 */
export interface Emulation {
  /** Wait between two polls of a source that had nothing, in ms. Documented: Lambda polls a shard about once a second. */
  pollIntervalMs: number;
  /**
   * A write to the stream ends that wait, but not before this many ms of it: AWS has no such shortcut. A queue's batching
   * window is filled by polls so far apart.
   */
  shortestPollIntervalMs: number;
  /** The most records read ahead per shard before the reader waits for the function. AWS: not documented. */
  readAheadRecords: number;
  /** First wait before a failed batch is delivered again, in ms; it doubles with each failure. AWS: not documented. */
  retryBackoffBaseMs: number;
  /** Longest such wait, in ms. Small: a person is watching. */
  retryBackoffCapMs: number;
  /**
   * Payload of one invocation, in bytes of JSON with the records' base64. The documented batch limit: 6 MB, and
   * Lambda's limit of a synchronous invocation is 6,291,456 bytes.
   */
  payloadLimitBytes: number;
  /** A window's state above this many bytes of JSON ends the window early. Documented: 1 MB per shard. */
  windowStateLimitBytes: number;
  /** Windows start at multiples of their length counted from this instant, in ms. 0 = aligned with the epoch. */
  windowOriginMs: number;
  /**
   * How long a window that gets no records stays open after its end, in ms. Documented: Lambda may wait up to two
   * minutes; from when is not documented, so it counts from the window's end here.
   */
  idleWindowCloseMs: number;
  /**
   * Added to that, in ms: a record is stamped with its arrival shortly before it can be read, so a poll just after a
   * window's end may miss its last record, whose window would then be opened a second time.
   */
  arrivalSettleMs: number;
  /**
   * true: the final invocation comes by itself with no records. false: where the last batch of a window is known to
   * be the last when it is sent (a record of a later window waits behind it), that batch is the final invocation.
   */
  emptyFinalInvocation: boolean;
  /** Whether the invocation that ends a window early also has `isFinalInvokeForWindow`. */
  earlyTerminationIsFinal: boolean;
  /** Whether a final invocation's response without `state` is a failure, as in any other invocation of a window. */
  finalResponseNeedsState: boolean;
  /**
   * The state that goes with the records delivered again after a partial failure. `returned`: the one in that
   * response. `previous`: the one sent before, which drops what the successful records had added.
   */
  stateAfterPartialFailure: 'returned' | 'previous';
  /** Retry count of what is left after a partial failure that made progress: a new batch, or the same one. */
  retryCountAfterProgress: 'reset' | 'keep';
  /** With bisect on, a partial response that reports the first record: halve the batch, or deliver all of it again. */
  firstRecordReported: 'bisect' | 'retry';
  /**
   * Wait for a fetch of a topic that has nothing new, in ms: its brokers answer as soon as they have something. AWS: not
   * documented.
   */
  kafkaFetchWaitMs: number;
  /**
   * Members of a mapping's consumer group, each with one invocation at a time that may mix its partitions. In provisioned mode
   * MinimumPollers, but no more than this (each invocation is a thread with a copy of the function); on demand one. Documented:
   * on demand Lambda begins with one, and none has less than a partition. When it starts more, by its measure, it is not said.
   */
  kafkaMostPollers: number;
  /** How often a member tells its group that it lives, in ms; so soon it learns of a rebalance. AWS: not documented. */
  kafkaHeartbeatMs: number;
  /** After so many ms without that the group takes a member for dead. The brokers' default allows no less than 6 s. */
  kafkaSessionMs: number;
  /** How often it is looked whether a topic has more partitions, in ms. AWS: not documented. Kafka's default: five minutes. */
  kafkaPartitionsMs: number;
  /**
   * Batching window of a mapping of a topic that sets none, in ms. Documented: 500, which cannot be set (the property is in
   * seconds).
   */
  kafkaBatchingMs: number;
  /**
   * Retries of a batch where a mapping of a topic has a destination and no limit of its own. Documented: 10, "Configuring error
   * handling controls for Kafka event sources".
   */
  kafkaRetriesWithDestination: number;
  /** Deliveries to an on-failure destination before it is given up, as AWS does with its DestinationDeliveryFailures. */
  destinationAttempts: number;
  /** Long poll of a queue, in whole seconds (SQS allows 0 to 20). */
  sqsWaitSeconds: number;
  /**
   * Concurrent batches of a queue where ScalingConfig names no lower limit. Documented: Lambda starts with five. Here each
   * is a thread with a copy of the function.
   */
  sqsConcurrency: number;
}

export const defaultEmulation: Emulation = {
  pollIntervalMs: 1_000,
  shortestPollIntervalMs: 200,
  readAheadRecords: 20_000,
  retryBackoffBaseMs: 50,
  retryBackoffCapMs: 1_000,
  payloadLimitBytes: PAYLOAD_BYTES,
  windowStateLimitBytes: 1_048_576,
  windowOriginMs: 0,
  idleWindowCloseMs: 120_000,
  arrivalSettleMs: 100,
  emptyFinalInvocation: true,
  earlyTerminationIsFinal: true,
  finalResponseNeedsState: true,
  stateAfterPartialFailure: 'returned',
  retryCountAfterProgress: 'reset',
  firstRecordReported: 'bisect',
  kafkaFetchWaitMs: 500,
  kafkaMostPollers: 2,
  kafkaHeartbeatMs: 500,
  kafkaSessionMs: 6_000,
  kafkaPartitionsMs: 2_000,
  kafkaBatchingMs: 500,
  kafkaRetriesWithDestination: 10,
  destinationAttempts: 10,
  sqsWaitSeconds: 1,
  sqsConcurrency: 2,
};

/** What differs from the default where shards give no more than on AWS: no shortcut would get more out of them. */
export const emulationWithLimits: Partial<Emulation> = {
  shortestPollIntervalMs: defaultEmulation.pollIntervalMs,
};

/** The wait in ms before the next try after `failures` failures in a row (1 or more). */
export function backoffMs(failures: number, settings: Emulation): number {
  return Math.min(settings.retryBackoffBaseMs * 2 ** Math.min(failures - 1, 30), settings.retryBackoffCapMs);
}
