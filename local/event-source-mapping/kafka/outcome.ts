import { isObject, type Outcome } from '../response.ts';
import { groupOf, type PendingRecord } from './record.ts';

/** A batch's records in the order in which its outcome speaks of them: those that are done first. */
export interface Interpreted {
  items: readonly PendingRecord[];
  outcome: Outcome;
}

type Failures = { lowest: ReadonlyMap<number, bigint> } | { invalid: string };

/**
 * What a response means (Lambda Developer Guide, "Configuring error handling controls for Kafka event sources"): nothing, null or
 * an empty list is a success; a partition or an offset that was not in the event fails the whole batch. Of a partition that is
 * reported everything comes again from the lowest offset, so that order is kept; of the others all is done.
 */
export function interpret(
  response: unknown,
  items: readonly PendingRecord[],
  reportsFailures: boolean,
): Interpreted {
  if (!reportsFailures) return { items, outcome: { type: 'success' } };
  const failures = failuresOf(response, items);
  if ('invalid' in failures) {
    return { items, outcome: { type: 'failure', reason: failures.invalid, counted: true } };
  }
  if (failures.lowest.size === 0) return { items, outcome: { type: 'success' } };
  const isDone = ({ partition, offset }: PendingRecord) =>
    offset < (failures.lowest.get(partition) ?? Infinity);
  const done = items.filter(isDone);
  const rest = items.filter((item) => !isDone(item));
  return { items: [...done, ...rest], outcome: { type: 'partial', firstFailed: done.length } };
}

function failuresOf(response: unknown, items: readonly PendingRecord[]): Failures {
  const lowest = new Map<number, bigint>();
  if (response === undefined || response === null) return { lowest };
  if (!isObject(response)) return { invalid: 'The response is not an object' };
  const list = response.batchItemFailures;
  if (list === undefined || list === null) return { lowest };
  if (!Array.isArray(list)) return { invalid: 'batchItemFailures is not a list' };
  const sent = new Map(items.map((item) => [identifierOf(item), item]));
  for (const failure of list) {
    const identifier: unknown = isObject(failure) ? failure.itemIdentifier : undefined;
    const item = isObject(identifier) ? sent.get(`${identifier.partition}@${identifier.offset}`) : undefined;
    if (item === undefined) {
      return { invalid: `itemIdentifier ${JSON.stringify(identifier)} is not in the batch` };
    }
    const before = lowest.get(item.partition);
    if (before === undefined || item.offset < before) lowest.set(item.partition, item.offset);
  }
  return { lowest };
}

function identifierOf({ record, offset }: PendingRecord): string {
  return `${groupOf(record.topic, record.partition)}@${offset}`;
}
