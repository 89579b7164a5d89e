import { type Progress, type RetryPolicy, sendRemaining } from '../../lambda/adapters/retry.ts';

/** By these errors DynamoDB refuses a call as a whole: nothing of it was read or written. */
const THROTTLED: ReadonlySet<string> = new Set([
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'RequestLimitExceeded',
]);

/** Pauses of up to 100 s, and 100 to 200 s without any progress before it is given up: DynamoDB counts by the second. */
const patience: Pick<RetryPolicy, 'attempts' | 'firstPauseMs'> = { attempts: 12, firstPauseMs: 50 };

export interface ThrottledTable {
  table: string;
  /** Of all calls on the table: one that gets nothing through waits for as long as others do. */
  progress: Progress;
  sleep: (ms: number) => Promise<void>;
}

/**
 * Sends items until all of them got through, however slowly the table takes them.
 * @param send sends the items and returns those that the table did not take
 * @throws Error that names the table when it takes nothing for minutes; what `send` throws, unless it is throttling
 */
export async function sendThrottled<Item>(
  items: readonly Item[],
  send: (items: readonly Item[]) => Promise<readonly Item[]>,
  { table, progress, sleep }: ThrottledTable,
): Promise<void> {
  const sendSome = async (remaining: readonly Item[]) => {
    try {
      return await send(remaining);
    } catch (error) {
      if (!isThrottling(error)) throw error;
      return remaining;
    }
  };
  const left = await sendRemaining(items, sendSome, { ...patience, sleep, random: Math.random }, progress);
  if (left.length > 0)
    throw new Error(`${table} is throttled: nothing got through for minutes. Run it again`);
}

function isThrottling(error: unknown): boolean {
  return error instanceof Error && THROTTLED.has(error.name);
}
