import { existsSync } from 'node:fs';
import { EnvironmentError } from './environment-error.ts';
import { type LocalFile, localPath, readLocalFile, removeLocalFile } from './local-file.ts';

/** How long an environment on this machine may take to answer, ms: a replay keeps it busy. */
const ANSWER_MS = 15_000;

/**
 * The environment of that name that runs on this machine. A file whose process is gone, or where nothing listens any more,
 * was left by one that was killed: it is removed.
 * @param note told of a file that was removed
 * @returns undefined where there is none
 * @throws EnvironmentError where it runs and does not answer, or its file cannot be read: what is meant for it must not go to
 *   a deployed one
 */
export async function findLocal(
  environment: string,
  { directory, note }: { directory: string; note: (line: string) => void },
): Promise<LocalFile | undefined> {
  const file = readLocalFile(environment, directory);
  if (file === undefined) {
    const path = localPath(environment, directory);
    if (!existsSync(path)) return undefined;
    throw new EnvironmentError(
      `${path} is no file that npm start of this version leaves: end what left it, and remove it`,
    );
  }
  if (isRunning(file.pid) && (await isListening(file, environment))) return file;
  removeLocalFile(environment, file, directory);
  note(`${environment} does not run on this machine any more (process ${file.pid}): its file is removed`);
  return undefined;
}

/** Whether there is a process of that id. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It may be another user's, which is running as well.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

async function isListening({ pid, endpoints }: LocalFile, environment: string): Promise<boolean> {
  try {
    const answer = await fetch(`${endpoints.shared}/`, { signal: AbortSignal.timeout(ANSWER_MS) });
    await answer.body?.cancel();
    return true;
  } catch (error) {
    if (isRefused(error)) return false;
    const isLate = error instanceof DOMException && error.name === 'TimeoutError';
    const what = isLate ? `has not answered for ${ANSWER_MS / 1000} s` : 'has ended the connection';
    throw new EnvironmentError(
      `${environment} runs on this machine (process ${pid}), but ${endpoints.shared} ${what}`,
      { cause: error },
    );
  }
}

/** Nothing listens there. Whatever else goes wrong somebody does. */
function isRefused(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && cause.code === 'ECONNREFUSED';
}
