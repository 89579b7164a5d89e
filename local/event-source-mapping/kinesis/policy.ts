import { itemFailures, type Outcome, returnedState } from '../response.ts';
import type { PendingRecord } from './record.ts';

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
