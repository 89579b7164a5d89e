import type { KinesisStreamRecord } from 'aws-lambda';
import { z } from 'zod';
import type { Functions } from './resources.ts';

const batchResponse = z.looseObject({
  batchItemFailures: z.array(z.looseObject({ itemIdentifier: z.string() })).default([]),
});

/**
 * Invokes the function with the records as the mapping would.
 * @throws Error when it throws, times out or reports records as failed
 */
export async function invokeWith(
  functions: Functions,
  functionName: string,
  records: readonly KinesisStreamRecord[],
): Promise<void> {
  const response = await functions.invoke(functionName, { Records: records });
  const { batchItemFailures } = batchResponse.parse(response);
  if (batchItemFailures.length === 0) return;
  const failed = batchItemFailures.map(({ itemIdentifier }) => itemIdentifier).join(', ');
  throw new Error(`${functionName} could not apply everything from ${failed} on`);
}
