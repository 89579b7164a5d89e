import { backoffMs, type Emulation } from '../emulation.ts';
import type { KinesisMappingProperties } from '../properties.ts';
import { itemFailures, type Outcome, returnedState } from '../response.ts';
import type { PendingRecord } from './record.ts';

/** Records that go to the function together, and what has become of them so far. */
export interface Batch {
  items: readonly PendingRecord[];
  /** Retries used up, of MaximumRetryAttempts. */
  retries: number;
  /** Failures in a row without progress: only for the backoff. */
  failures: number;
  /** Invocations that had these records, as AWS reports it to the on-failure destination. */
  invocations: number;
  /** Not invoked before this instant, ms. */
  notBefore: number;
  /** The last invocation ended in a function error, not in a response. */
  unhandled: boolean;
  /** Its window ends with it (see Emulation.emptyFinalInvocation). */
  final: boolean;
}

export const newBatch = (items: readonly PendingRecord[], final = false): Batch => ({
  items,
  final,
  unhandled: false,
  retries: 0,
  failures: 0,
  invocations: 0,
  notBefore: 0,
});

/** What to do after an invocation: first `completed` records are finished; then `next`, in order. */
export interface Decision {
  completed: number;
  /** One: again. Two: halved. */
  next: readonly Batch[];
  /** What is given up: the records after the completed ones. */
  discard?: Batch;
}

export interface RetryContext {
  policy: Pick<KinesisMappingProperties, 'BisectBatchOnFunctionError' | 'MaximumRetryAttempts'>;
  settings: Emulation;
  /** ms since the epoch. */
  now: number;
}

/**
 * Retry, halve or give up (Lambda Developer Guide: a split uses up no retry; after a partial response everything
 * from the lowest reported sequence number comes again).
 */
export function decide(batch: Batch, outcome: Outcome, context: RetryContext): Decision {
  const unhandled = outcome.type === 'failure' && outcome.counted && outcome.error !== undefined;
  const tried = { ...batch, invocations: batch.invocations + 1, unhandled };
  switch (outcome.type) {
    case 'success':
      return { completed: batch.items.length, next: [] };
    case 'partial':
      return outcome.firstFailed > 0
        ? afterProgress(tried, outcome.firstFailed, context)
        : afterFailure(tried, context.settings.firstRecordReported === 'bisect', context);
    case 'failure':
      if (!outcome.counted) return { completed: 0, next: [later(tried, 0, context)] };
      return afterFailure(tried, true, context);
    default:
      return outcome satisfies never;
  }
}

function afterProgress(batch: Batch, done: number, context: RetryContext): Decision {
  const { policy, settings } = context;
  const rest = { ...batch, items: batch.items.slice(done), failures: 0 };
  if (settings.retryCountAfterProgress === 'reset') {
    return { completed: done, next: [{ ...later(rest, 0, context), retries: 0 }] };
  }
  // With bisect on, the batch was split at the reported record (documented), and a split uses up no retry.
  const cost = policy.BisectBatchOnFunctionError ? 0 : 1;
  if (exhausted(batch, cost, policy)) return { completed: done, next: [], discard: rest };
  return { completed: done, next: [later(rest, cost, context)] };
}

function afterFailure(batch: Batch, maySplit: boolean, context: RetryContext): Decision {
  const { policy } = context;
  if (maySplit && policy.BisectBatchOnFunctionError && batch.items.length > 1) {
    const middle = Math.ceil(batch.items.length / 2);
    const again = later(batch, 0, context);
    const first = { ...again, items: batch.items.slice(0, middle), final: false };
    return { completed: 0, next: [first, { ...again, items: batch.items.slice(middle) }] };
  }
  if (exhausted(batch, 1, policy)) return { completed: 0, next: [], discard: batch };
  return { completed: 0, next: [later(batch, 1, context)] };
}

const exhausted = (batch: Batch, cost: number, policy: RetryContext['policy']): boolean =>
  policy.MaximumRetryAttempts >= 0 && batch.retries + cost > policy.MaximumRetryAttempts;

function later(batch: Batch, retries: number, { settings, now }: RetryContext): Batch {
  const failures = batch.failures + 1;
  const notBefore = now + backoffMs(failures, settings);
  return { ...batch, retries: batch.retries + retries, failures, notBefore };
}

/** How many records at the start of the batch are too old to be delivered (MaximumRecordAgeInSeconds; -1: none). */
export function expiredRecords(
  items: readonly PendingRecord[],
  maximumAgeSeconds: number,
  now: number,
): number {
  if (maximumAgeSeconds < 0) return 0;
  const firstFresh = items.findIndex((item) => now - item.arrivalMs <= maximumAgeSeconds * 1000);
  return firstFresh === -1 ? items.length : firstFresh;
}

/** What a response means for a batch. `window` says whether `state` is expected, and whether it is required. */
export function interpret(
  response: unknown,
  items: readonly PendingRecord[],
  reportsFailures: boolean,
  window?: { needsState: boolean },
): Outcome {
  const state = window ? returnedState(response) : undefined;
  if (window?.needsState && state === undefined) {
    return { type: 'failure', reason: 'The response has no state', counted: true };
  }
  const positions = new Map(items.map((item, position) => [item.sequenceNumber, position]));
  const failures: ReturnType<typeof itemFailures> = reportsFailures
    ? itemFailures(response, (identifier) => positions.has(identifier))
    : { type: 'none' };
  const withState = state === undefined ? {} : { state };
  switch (failures.type) {
    case 'none':
      return { type: 'success', ...withState };
    case 'invalid':
      return { type: 'failure', reason: failures.reason, counted: true };
    case 'some': {
      const firstFailed = items.findIndex((item) => failures.identifiers.has(item.sequenceNumber));
      return { type: 'partial', firstFailed, ...withState };
    }
    default:
      return failures satisfies never;
  }
}
