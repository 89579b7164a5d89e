import { GetFunctionConfigurationCommand, InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { KinesisStreamRecord } from 'aws-lambda';
import { z } from 'zod';

const batchResponse = z.looseObject({
  batchItemFailures: z.array(z.looseObject({ itemIdentifier: z.string() })).default([]),
});

/** The variables that the template set, which name its tables and streams. */
export async function variablesOf(
  lambda: LambdaClient,
  functionName: string,
): Promise<Readonly<Record<string, string>>> {
  const configuration = await lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName: functionName }),
  );
  return configuration.Environment?.Variables ?? {};
}

/**
 * Invokes the function with the records as the mapping would.
 * @throws Error when it throws, times out or reports records as failed
 */
export async function invokeWith(
  lambda: LambdaClient,
  functionName: string,
  records: readonly KinesisStreamRecord[],
): Promise<void> {
  const Payload = Buffer.from(JSON.stringify({ Records: records }));
  const answer = await lambda.send(new InvokeCommand({ FunctionName: functionName, Payload }));
  const text = Buffer.from(answer.Payload ?? []).toString('utf8');
  if (answer.FunctionError !== undefined) throw new Error(`${functionName} failed: ${text}`);
  const { batchItemFailures } = batchResponse.parse(JSON.parse(text));
  if (batchItemFailures.length === 0) return;
  const failed = batchItemFailures.map(({ itemIdentifier }) => itemIdentifier).join(', ');
  throw new Error(`${functionName} could not apply everything from ${failed} on`);
}
