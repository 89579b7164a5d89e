import { backoffMs, type Emulation } from './emulation.ts';
import type { Outcome } from './response.ts';

/** Records that go to the function together, and what has become of them so far. */
export interface Batch<Item> {
  items: readonly Item[];
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

export const newBatch = <Item>(items: readonly Item[], final = false): Batch<Item> => ({
  items,
  final,
  unhandled: false,
  retries: 0,
  failures: 0,
  invocations: 0,
  notBefore: 0,
});

/** What to do after an invocation: first `completed` records are finished; then `next`, in order. */
export interface Decision<Item> {
  completed: number;
  /** One: again. Two: halved. */
  next: readonly Batch<Item>[];
  /** What is given up: the records after the completed ones. */
  discard?: Batch<Item>;
}

/** Of a mapping's properties; -1: for ever. */
export interface RetryPolicy {
  BisectBatchOnFunctionError: boolean;
  MaximumRetryAttempts: number;
}

export interface RetryContext {
  policy: RetryPolicy;
  settings: Emulation;
  /** ms since the epoch. */
  now: number;
}

/**
 * Retry, halve or give up (Lambda Developer Guide: a split uses up no retry; after a partial response everything
 * from the lowest reported sequence number comes again).
 */
export function decide<Item>(batch: Batch<Item>, outcome: Outcome, context: RetryContext): Decision<Item> {
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

function afterProgress<Item>(batch: Batch<Item>, done: number, context: RetryContext): Decision<Item> {
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

function afterFailure<Item>(batch: Batch<Item>, maySplit: boolean, context: RetryContext): Decision<Item> {
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

const exhausted = ({ retries }: Batch<unknown>, cost: number, policy: RetryPolicy): boolean =>
  policy.MaximumRetryAttempts >= 0 && retries + cost > policy.MaximumRetryAttempts;

function later<Item>(batch: Batch<Item>, retries: number, { settings, now }: RetryContext): Batch<Item> {
  const failures = batch.failures + 1;
  const notBefore = now + backoffMs(failures, settings);
  return { ...batch, retries: batch.retries + retries, failures, notBefore };
}
