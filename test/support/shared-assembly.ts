import { createHash } from 'node:crypto';
import { access, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inject } from 'vitest';
import { projectRoot } from '../../lib/project-root.ts';
import { type Assembly, openAssembly, synthesizeInto } from '../../local/cloudformation/assembly.ts';
import { soakContext } from '../../proof/soak/options.ts';

const POLL_MS = 50;

export interface SharedAssemblyOptions {
  environment: string;
  context: Readonly<Record<string, unknown>>;
}

/** The soak's environment, drawn at once: who waits for draws, and not for the beacon, has them seconds sooner. */
export const drawnAtOnce: SharedAssemblyOptions = {
  environment: 'dev',
  context: { ...soakContext('dev'), 'dev:randomness': 'seed' },
};

/**
 * The synthesized app with this context, made once for all test files of a run: a synthesis takes seconds of
 * CPU. The files are shared and stay until the run's end, so that `remove` does nothing; the templates are the
 * caller's own and may be changed. The test's own time-out ends the wait for another file's synthesis.
 */
export async function sharedAssembly(options: SharedAssemblyOptions): Promise<Assembly> {
  return openAssembly(await sharedAssemblyDirectory(options), options.environment);
}

/** Where it lies, for a process of its own. @throws Error when the synthesis failed, here or in another file. */
export async function sharedAssemblyDirectory(options: SharedAssemblyOptions): Promise<string> {
  const name = createHash('sha256').update(JSON.stringify(options)).digest('hex').slice(0, 16);
  const directory = join(inject('assembliesDirectory'), name);
  const failed = `${directory}.failed`;
  if (await isFirst(`${directory}.claimed`)) await make(directory, failed, options);
  while (!(await exists(directory))) {
    if (await exists(failed)) throw new Error('The synthesis failed in another test file');
    await sleep(POLL_MS);
  }
  return directory;
}

async function make(directory: string, failed: string, options: SharedAssemblyOptions): Promise<void> {
  try {
    const { environment: stage, context } = options;
    await synthesizeInto(`${directory}.new`, { project: projectRoot, stage, context });
    await rename(`${directory}.new`, directory);
  } catch (error) {
    await writeFile(failed, '');
    throw error;
  }
}

/** Only one process can make a directory. */
async function isFirst(claim: string): Promise<boolean> {
  return mkdir(claim).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false;
      throw error;
    },
  );
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
