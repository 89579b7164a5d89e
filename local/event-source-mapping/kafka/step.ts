import { take } from '../cut.ts';
import { type Batch, newBatch } from '../retries.ts';
import type { PendingRecord } from './record.ts';

/** All that decides what a poller does next. */
export interface View {
  /** ms since the epoch. */
  now: number;
  /** Read, not yet in a batch: in order in each partition, and partition after partition as an answer had them. */
  queue: readonly PendingRecord[];
  /** The batch that is under way, or waits to be tried again. It comes before the queue, also of other partitions. */
  pending: Batch<PendingRecord> | undefined;
}

export interface Rules {
  batchSize: number;
  batchingMs: number;
  /** -1: no limit. */
  maximumAgeSeconds: number;
  /** What records may have of a payload, in bytes. */
  room: number;
}

export type Step =
  /** Until woken, at most `ms`. */
  | { type: 'wait'; ms: number }
  /** `taken`: how many records come from the queue. */
  | { type: 'invoke'; batch: Batch<PendingRecord>; taken: number }
  /** Some of its records may not be delivered. */
  | {
      type: 'giveUp';
      batch: Batch<PendingRecord>;
      taken: number;
      items: readonly PendingRecord[];
      condition: 'RecordAgeExceeded' | 'MaximumPayloadSizeExceeded';
    };

/** The batch under way, then a new one: once it is full, or its first record has waited for the batching window. */
export function nextStep({ now, queue, pending }: View, rules: Rules): Step {
  if (pending) {
    if (now < pending.notBefore) return { type: 'wait', ms: pending.notBefore - now };
    return deliver(pending, 0, rules, now);
  }
  const [first] = queue;
  if (first === undefined) return { type: 'wait', ms: Number.POSITIVE_INFINITY };
  const { count, complete } = take(queue, rules.batchSize, rules.room);
  const dueAt = first.readAtMs + rules.batchingMs;
  if (!complete && now < dueAt) return { type: 'wait', ms: dueAt - now };
  return deliver(newBatch(queue.slice(0, count)), count, rules, now);
}

function deliver(batch: Batch<PendingRecord>, taken: number, rules: Rules, now: number): Step {
  const { maximumAgeSeconds: most, room } = rules;
  const old = most < 0 ? [] : batch.items.filter(({ arrivalMs }) => now - arrivalMs > most * 1000);
  if (old.length > 0) return { type: 'giveUp', batch, taken, items: old, condition: 'RecordAgeExceeded' };
  // Alone in its batch: `take` takes at least one, however large.
  const large = batch.items.filter(({ bytes }) => bytes > room);
  if (large.length > 0) {
    return { type: 'giveUp', batch, taken, items: large, condition: 'MaximumPayloadSizeExceeded' };
  }
  return { type: 'invoke', batch, taken };
}
