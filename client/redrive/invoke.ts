import type { KinesisStreamRecord } from 'aws-lambda';
import { z } from 'zod';
import type { Functions } from './resources.ts';

const batchResponse = z.looseObject({
  batchItemFailures: z.array(z.looseObject({ itemIdentifier: z.string() })).default([]),
});

/**
 * Invokes the function with the records as the mapping would: what is left of a batch, since a user's item has no room
 * for more, comes again without what is done.
 * @throws Error when it throws, times out, or reports the first record that it was given as failed
 */
export async function invokeWith(
  functions: Functions,
  functionName: string,
  records: readonly KinesisStreamRecord[],
): Promise<void> {
  let left = records;
  while (left.length > 0) {
    const failed = firstFailed(await functions.invoke(functionName, { Records: left }), left);
    if (failed === undefined) return;
    if (failed === 0) {
      throw new Error(`${functionName} could not apply everything from ${left[0]?.eventID} on`);
    }
    left = left.slice(failed);
  }
}

/** @returns where it is among the records; undefined where all is done. One that is none of them says that none is done */
function firstFailed(response: unknown, records: readonly KinesisStreamRecord[]): number | undefined {
  const { batchItemFailures } = batchResponse.parse(response);
  if (batchItemFailures.length === 0) return undefined;
  const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  return Math.max(
    0,
    records.findIndex(({ kinesis }) => failed.has(kinesis.sequenceNumber)),
  );
}
