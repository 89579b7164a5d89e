import type { WindowState } from './checkpoint.ts';

/** What an invocation came to. */
export type Outcome =
  | { type: 'success'; state?: WindowState }
  /** Everything before `firstFailed` (an index into the batch, above 0 or 0) is processed, the rest is not. */
  | { type: 'partial'; firstFailed: number; state?: WindowState }
  /** `counted` is false where the function could not be invoked at all: that uses up no retry. */
  | { type: 'failure'; reason: string; counted: boolean; error?: unknown };

export type ItemFailures =
  | { type: 'none' }
  | { type: 'some'; identifiers: ReadonlySet<string> }
  | { type: 'invalid'; reason: string };

/**
 * Reads `batchItemFailures` (Lambda Developer Guide, "Configuring partial batch response": an empty or null list or
 * response is a success; an identifier that is empty, null, under another key or not in the batch fails the whole
 * batch). A response that is no object, or whose list is no list, fails the whole batch as well: a bug must not look
 * like a success.
 */
export function itemFailures(response: unknown, isInBatch: (identifier: string) => boolean): ItemFailures {
  if (response === undefined || response === null) return { type: 'none' };
  if (!isObject(response)) return { type: 'invalid', reason: 'The response is not an object' };
  const list = response.batchItemFailures;
  if (list === undefined || list === null) return { type: 'none' };
  if (!Array.isArray(list)) return { type: 'invalid', reason: 'batchItemFailures is not a list' };
  const identifiers = new Set<string>();
  for (const failure of list) {
    const identifier: unknown = isObject(failure) ? failure.itemIdentifier : undefined;
    if (typeof identifier !== 'string' || !isInBatch(identifier)) {
      return { type: 'invalid', reason: `itemIdentifier ${JSON.stringify(identifier)} is not in the batch` };
    }
    identifiers.add(identifier);
  }
  return identifiers.size === 0 ? { type: 'none' } : { type: 'some', identifiers };
}

/** The `state` of a window's response, or undefined where there is none that Lambda would keep. */
export function returnedState(response: unknown): WindowState | undefined {
  if (!isObject(response)) return undefined;
  const state = response.state;
  return isObject(state) ? state : undefined;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
