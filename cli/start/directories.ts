import { type Assembly, openAssembly, StageError } from '../../local/cloudformation/assembly.ts';
import { makeDirectory } from '../../local/make-directory.ts';

/** The app of `--assembly`. @throws Error in a line that names the option. */
export function assemblyIn(directory: string, environment: string): Assembly {
  try {
    return openAssembly(directory, environment);
  } catch (error) {
    throw new Error(`--assembly ${directory}: ${assemblyProblem(error, environment)}`, { cause: error });
  }
}

/** Each environment is a stage of the app. */
function assemblyProblem(error: unknown, environment: string): string {
  if (error instanceof StageError) {
    const known = error.stages.length === 0 ? 'nor any other' : `only ${error.stages.join(', ')}`;
    return `there is no environment '${environment}' in it, ${known}`;
  }
  const isMissing = ['ENOENT', 'ENOTDIR'].includes(codeOf(error));
  return isMissing ? 'there is no synthesized app in it, no manifest.json' : messageOf(error);
}

/** Makes the directory of an option where it is not there. @throws Error in a line that names the option. */
export function makeDirectoryOf(option: '--data' | '--sheets', directory: string): void {
  try {
    makeDirectory(directory);
  } catch (error) {
    throw new Error(`${option} ${directory}: ${reasonOf(error)}`, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  switch (codeOf(error)) {
    case 'EEXIST':
    case 'ENOTDIR':
      return 'it is not a directory';
    case 'ENOENT':
      return 'no directory can be made there';
    default:
      return messageOf(error);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
