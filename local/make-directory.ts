import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a directory, and those above it, where they are not there. Level by level: `recursive: true` of Node 24 tries
 * for ever where a directory cannot be made although the one above it is there, as in /proc.
 * @throws the error of the level that cannot be made.
 */
export function makeDirectory(directory: string): void {
  const parent = dirname(directory);
  if (!existsSync(directory) && !existsSync(parent)) makeDirectory(parent);
  try {
    mkdirSync(directory);
  } catch (error) {
    // Also where another process was faster.
    if (!isDirectory(directory)) throw error;
  }
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
