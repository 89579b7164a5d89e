import type { BatchRecords } from './batch-records.ts';
import type { Functions } from './resources.ts';

/**
 * Invokes the function with the records as the mapping would: what is left of a batch, since a user's item has no room
 * for more, comes again without what is done.
 * @throws Error when it throws, times out, or reports the first record that it was given as failed
 */
export async function invokeWith(
  functions: Functions,
  functionName: string,
  records: BatchRecords,
): Promise<void> {
  let left = records;
  while (left.size > 0) {
    const next = left.leftAfter(await functions.invoke(functionName, left.invocation()));
    if (next.size === left.size) {
      throw new Error(`${functionName} could not apply everything from ${left.first} on`);
    }
    left = next;
  }
}
