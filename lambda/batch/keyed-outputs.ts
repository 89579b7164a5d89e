import type { RejectionReason } from '../core/reasons.ts';
import { rejectedEvent } from '../core/rejected-event.ts';
import type { StreamRecord } from '../ports/ports.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { countRejections } from '../ports/telemetry.ts';
import type { DecodedBatch } from './decode-batch.ts';
import type { KeyedBatchResult } from './keyed-batch.ts';

/** What the functions with keyed state do alike around their outcomes. */

type Outcome = { readonly kind: string } | { readonly kind: 'rejected'; readonly reason: RejectionReason };

/** The outcomes of the records that are no event. They have no state, and are the same at every delivery. */
export function* undecodableOutputs<Event>({ undecodable }: DecodedBatch<Event>): Generator<StreamRecord> {
  for (const rejected of undecodable)
    yield { partitionKey: rejected.record.partitionKey, value: rejectedEvent(rejected) };
}

/**
 * Counts a batch's work. To be called before anything is published: what fails at that comes again, and a batch
 * that fails for ever must show.
 */
export function countWork<Event, State, Result>(
  { undecodable }: DecodedBatch<Event>,
  { applied, failed, conflicts }: KeyedBatchResult<Event, State, Result>,
  outcomes: readonly Outcome[],
  telemetry: Telemetry,
): void {
  const appliedEvents = applied.reduce((sum, { decision }) => sum + decision.applied, 0);
  telemetry.count('eventsApplied', appliedEvents);
  telemetry.count('eventsReplayed', outcomes.length - appliedEvents);
  telemetry.count('writeConflicts', conflicts);
  telemetry.count('writeFailures', failed.length);
  const rejections = [
    ...undecodable.map(({ rejection }) => rejection.reason),
    ...outcomes.flatMap((outcome) => ('reason' in outcome ? [outcome.reason] : [])),
  ];
  countRejections(rejections, telemetry);
  for (const { key, error } of failed) telemetry.warn('A state was not written', { key, error });
}
