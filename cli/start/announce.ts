import { isRunning } from '../../client/environment/find-local.ts';
import {
  type LocalFile,
  leaveLocalFile,
  localDirectory,
  readLocalFile,
} from '../../client/environment/local-file.ts';
import type { Runtime } from '../../local/runtime-options.ts';
import type { Display } from './display.ts';
import { hasPage } from './page.ts';

/** How often is looked whether the file is still there, ms. */
const LOOK_MS = 2_000;

export interface AnnounceOptions {
  readonly runtime: Pick<Runtime, 'region' | 'endpoints' | 'lambdaEndpoint' | 'outputs' | 'page'>;
  readonly screen: Pick<Display, 'note'>;
  readonly directory?: string;
}

/**
 * Leaves the file by which the other commands find this environment, and leaves it again where it is gone: who asks next for one
 * that runs must not be sent to a deployed one of its name. Of two of the same name they find the later one, and when that has
 * ended the earlier one.
 * @returns withdraws it
 */
export function announce(
  environment: string,
  { runtime, screen, directory = localDirectory }: AnnounceOptions,
): () => void {
  const file = fileOf(runtime);
  try {
    const earlier = readLocalFile(environment, directory);
    const withdraw = leaveLocalFile(environment, file, directory);
    if (earlier !== undefined && earlier.pid !== file.pid && isRunning(earlier.pid))
      screen.note(
        `Another ${environment} runs on this machine (process ${earlier.pid}): until this one ends, npx lottery finds this one`,
      );
    const looking = setInterval(() => leaveAgain(environment, file, directory), LOOK_MS);
    looking.unref();
    return () => {
      clearInterval(looking);
      withdraw();
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    screen.note(`The other commands will not find this environment: ${reason}`);
    return () => {};
  }
}

function fileOf({ region, endpoints, lambdaEndpoint, outputs, page }: AnnounceOptions['runtime']): LocalFile {
  const { kinesis, dynamodb, sqs, s3 } = endpoints;
  return {
    ...{ pid: process.pid, startedAt: new Date().toISOString(), region },
    endpoints: { kinesis, dynamodb, sqs, s3, shared: lambdaEndpoint },
    ...(page && hasPage(outputs) && { page: page.url }),
  };
}

function leaveAgain(environment: string, file: LocalFile, directory: string): void {
  const found = readLocalFile(environment, directory);
  if (found !== undefined && (found.pid === file.pid || isRunning(found.pid))) return;
  try {
    leaveLocalFile(environment, file, directory);
  } catch {
    // The disk is full, or somebody has taken the directory: at the next look, perhaps.
  }
}
