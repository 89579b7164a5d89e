import { LambdaClient } from '@aws-sdk/client-lambda';
import { LambdaFunctions } from '../../../cli/redrive/lambda-functions.ts';
import { FailedBatches, recordsOf } from '../../../client/redrive/failed-batches.ts';
import { type RedriveResult, redrive } from '../../../client/redrive/redrive.ts';
import { openStreams } from '../../../client/streams/open.ts';
import { standardRetry } from '../../../lambda/adapters/retry.ts';
import { FunctionError, type FunctionHost } from '../../../local/function-host.ts';
import type { Runtime } from '../../../local/runtime-options.ts';

/** A function that fails before it does anything, for as long as it is broken. */
export class Breakable {
  isBroken = false;
  readonly #functionName: string;

  constructor(functionName: string) {
    this.#functionName = functionName;
  }

  wrap(host: FunctionHost, functionName: string): FunctionHost {
    if (functionName !== this.#functionName) return host;
    return {
      invoke: async (event) => {
        if (this.isBroken) throw new FunctionError(functionName, 'Error', 'The function is broken');
        return host.invoke(event);
      },
      close: () => host.close(),
    };
  }
}

/** The ids of the records in the bucket. */
export async function failedRecords({ clients, outputs }: Runtime): Promise<string[]> {
  const batches = new FailedBatches(clients.s3, outputs.ArtifactsBucketName ?? '');
  const ids: string[] = [];
  for (const key of await batches.keys())
    for (const { source } of recordsOf(await batches.read(key)).events())
      ids.push(`${source.shardId}:${source.sequenceNumber}`);
  return ids;
}

/** As `npm run redrive` does it. */
export async function redriven({
  clients,
  outputs,
  region,
  lambdaEndpoint,
}: Runtime): Promise<RedriveResult> {
  const credentials = { accessKeyId: 'redrive', secretAccessKey: 'redrive' };
  const lambda = new LambdaClient({ region, endpoint: lambdaEndpoint, credentials, maxAttempts: 1 });
  const functions = new LambdaFunctions(lambda);
  const resources = {
    ...{ ...clients, functions, now: Date.now, retry: standardRetry },
    openOuter: (outputs: Readonly<Record<string, string>>) => openStreams(outputs, clients.kinesis),
  };
  try {
    return await redrive({ resources, bucket: outputs.ArtifactsBucketName ?? '', dryRun: false, say() {} });
  } finally {
    lambda.destroy();
  }
}
