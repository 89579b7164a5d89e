import { take } from '../cut.ts';
import type { Emulation } from '../emulation.ts';
import type { CloseReason, WindowBounds } from '../events.ts';
import type { KinesisMappingProperties } from '../properties.ts';
import { type Batch, newBatch } from '../retries.ts';
import { expiredRecords } from './policy.ts';
import type { PendingRecord } from './record.ts';
import { type OpenWindow, windowOf } from './window.ts';

/** All that decides what a lane does next. */
export interface LaneView {
  /** ms since the epoch. */
  now: number;
  /** Read, not yet in a batch. */
  queue: readonly PendingRecord[];
  /** The batch that is under way, or waits to be tried again. It comes before the queue. */
  pending?: Batch<PendingRecord> | undefined;
  window?: OpenWindow | undefined;
  /** The shard is closed and all of it was read. */
  sourceEnded: boolean;
  /** When the newest poll began, if that poll found nothing; ms. */
  emptyPollAt?: number | undefined;
}

export type Step =
  /** Until woken, at most `ms`. */
  | { type: 'wait'; ms: number }
  /** `taken`: how many records come from the queue. */
  | { type: 'invoke'; batch: Batch<PendingRecord>; taken: number }
  /** The first `count` records of the batch are too old. */
  | { type: 'expire'; batch: Batch<PendingRecord>; taken: number; count: number }
  | { type: 'open'; window: WindowBounds }
  /** The window's end is decided. */
  | { type: 'close'; early: boolean; reason: CloseReason }
  /** The invocation that ends a window. */
  | { type: 'final'; window: OpenWindow }
  | { type: 'done' };

type Rules = Pick<
  KinesisMappingProperties,
  'BatchSize' | 'MaximumBatchingWindowInSeconds' | 'MaximumRecordAgeInSeconds' | 'TumblingWindowInSeconds'
>;

/** More than the fields beside the records and the state take in a payload, in bytes. */
const ENVELOPE_BYTES = 1_024;

/** What a lane does next: a window that ends first, then the batch under way, then a new one. */
export function nextStep(view: LaneView, rules: Rules, settings: Emulation): Step {
  const { window, pending, now } = view;
  if (window?.closing) {
    const { notBefore } = window.closing;
    return now < notBefore ? { type: 'wait', ms: notBefore - now } : { type: 'final', window };
  }
  if (window && window.stateBytes > settings.windowStateLimitBytes) {
    return { type: 'close', early: true, reason: 'state' };
  }
  if (pending) {
    if (now < pending.notBefore) return { type: 'wait', ms: pending.notBefore - now };
    return deliver(pending, 0, rules, now);
  }
  const [first] = view.queue;
  if (first === undefined) return whenEmpty(view, settings);
  if (rules.TumblingWindowInSeconds > 0) {
    const own = windowOf(first.arrivalMs, rules.TumblingWindowInSeconds * 1000, settings.windowOriginMs);
    if (!window) return { type: 'open', window: own };
    // A record that arrived before the open window's start (arrival times are approximate) goes into the open one:
    // a shard has one window at a time.
    if (own.start >= window.end) return { type: 'close', early: false, reason: 'border' };
  }
  return nextBatch(view, first, rules, settings);
}

function whenEmpty({ window, sourceEnded, now, emptyPollAt }: LaneView, settings: Emulation): Step {
  if (!window) return sourceEnded ? { type: 'done' } : { type: 'wait', ms: Number.POSITIVE_INFINITY };
  if (sourceEnded) return { type: 'close', early: now < window.end, reason: 'shardEnd' };
  const closesAt = window.end + settings.idleWindowCloseMs + settings.arrivalSettleMs;
  // Only a poll that began after the close time proves that no record of the window is left unread.
  if (emptyPollAt !== undefined && emptyPollAt >= closesAt)
    return { type: 'close', early: false, reason: 'idle' };
  return { type: 'wait', ms: Number.POSITIVE_INFINITY };
}

function nextBatch(view: LaneView, first: PendingRecord, rules: Rules, settings: Emulation): Step {
  const room = settings.payloadLimitBytes - ENVELOPE_BYTES - (view.window?.stateBytes ?? 0);
  const cut = take(view.queue, rules.BatchSize, room, view.window?.end);
  const dueAt = first.readAtMs + rules.MaximumBatchingWindowInSeconds * 1000;
  if (!cut.complete && !view.sourceEnded && view.now < dueAt) return { type: 'wait', ms: dueAt - view.now };
  const final = cut.atBorder && !settings.emptyFinalInvocation;
  return deliver(newBatch(view.queue.slice(0, cut.count), final), cut.count, rules, view.now);
}

function deliver(batch: Batch<PendingRecord>, taken: number, rules: Rules, now: number): Step {
  const count = expiredRecords(batch.items, rules.MaximumRecordAgeInSeconds, now);
  return count > 0 ? { type: 'expire', batch, taken, count } : { type: 'invoke', batch, taken };
}
