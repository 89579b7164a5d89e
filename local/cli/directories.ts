import { mkdirSync } from 'node:fs';
import { type Assembly, openAssembly } from '../assembly.ts';

/** The app of `--assembly`. @throws Error in a line that names the option. */
export function assemblyIn(directory: string, environment: string): Assembly {
  try {
    return openAssembly(directory, environment);
  } catch (error) {
    const isMissing = ['ENOENT', 'ENOTDIR'].includes(codeOf(error));
    const reason = isMissing ? 'there is no synthesized app in it, no manifest.json' : messageOf(error);
    throw new Error(`--assembly ${directory}: ${reason}`, { cause: error });
  }
}

/** Makes the directory of `--data` where it is not there. @throws Error in a line that names the option. */
export function makeDataDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true });
  } catch (error) {
    const isFile = ['EEXIST', 'ENOTDIR'].includes(codeOf(error));
    const reason = isFile ? 'it is not a directory' : messageOf(error);
    throw new Error(`--data ${directory}: ${reason}`, { cause: error });
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
