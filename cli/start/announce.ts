import { type LocalFile, leaveLocalFile, localDirectory } from '../../client/environment/local-file.ts';
import type { Runtime } from '../../local/runtime-options.ts';
import type { Display } from './display.ts';
import { hasPage } from './page.ts';

/**
 * Leaves the file by which the other commands find this environment. Of two of the same name they find the later one.
 * @returns withdraws it
 */
export function announce(
  environment: string,
  {
    region,
    endpoints,
    lambdaEndpoint,
    outputs,
    page,
  }: Pick<Runtime, 'region' | 'endpoints' | 'lambdaEndpoint' | 'outputs' | 'page'>,
  screen: Pick<Display, 'note'>,
  directory = localDirectory,
): () => void {
  const { kinesis, dynamodb, sqs, s3 } = endpoints;
  const file: LocalFile = {
    ...{ pid: process.pid, startedAt: new Date().toISOString(), region },
    endpoints: { kinesis, dynamodb, sqs, s3, shared: lambdaEndpoint },
    ...(page && hasPage(outputs) && { page: page.url }),
  };
  try {
    return leaveLocalFile(environment, file, directory);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    screen.note(`The other commands will not find this environment: ${reason}`);
    return () => {};
  }
}
