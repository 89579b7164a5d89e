import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { makeDirectory } from '../make-directory.ts';

/** SQLITE_BUSY (https://www.sqlite.org/rescode.html): somebody else has the lock. */
const BUSY = 5;

/** A data directory that another process works on. */
export class DirectoryInUseError extends Error {
  override readonly name = 'DirectoryInUseError';

  constructor(directory: string) {
    super(
      `${directory} is in use by another process. Stop that one, or choose another directory with --data.`,
    );
  }
}

/**
 * Keeps a data directory for this process. Two of the engines notice a second process only after they have begun to
 * listen, and the third never. The lock is one of SQLite's: the operating system takes it back from a process that
 * dies, however it dies.
 * @returns what gives it back.
 * @throws DirectoryInUseError, or the error of a directory that cannot be made or written.
 */
export function lockDirectory(directory: string): () => void {
  makeDirectory(directory);
  const lock = open(directory);
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    throw isBusy(error) ? new DirectoryInUseError(directory) : error;
  }
  return () => lock.close();
}

function open(directory: string): DatabaseSync {
  try {
    return new DatabaseSync(join(directory, 'lock'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The data directory ${directory} cannot be worked on: ${reason}`, { cause: error });
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === BUSY;
}
