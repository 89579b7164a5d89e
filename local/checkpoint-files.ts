import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { CheckpointStore, MappingCheckpoint } from './event-source-mapping/index.ts';
import { makeDirectory } from './make-directory.ts';

const window = z.object({ start: z.number(), end: z.number(), state: z.record(z.string(), z.unknown()) });

const shard = z.object({
  sequenceNumber: z.string().exactOptional(),
  lanes: z.array(z.string().nullable()).exactOptional(),
  window: window.exactOptional(),
  finished: z.literal(true).exactOptional(),
});

const checkpoint: z.ZodType<MappingCheckpoint> = z.object({
  startAtMs: z.number().nullable(),
  shards: z.record(z.string(), shard),
});

const EXTENSION = '.json';

/**
 * Looks at the checkpoints of a directory, which need not be there, so that a damaged one is known before anything
 * starts.
 * @throws Error that names the file and what to do.
 */
export async function checkCheckpoints(directory: string): Promise<void> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  for (const name of names.filter((each) => each.endsWith(EXTENSION))) {
    const path = join(directory, name);
    parse(path, await readFile(path, 'utf8'));
  }
}

function parse(path: string, text: string): MappingCheckpoint {
  try {
    return checkpoint.parse(JSON.parse(text));
  } catch (cause) {
    throw new Error(
      `The checkpoint ${path} is damaged. Delete it: its event source mapping then begins again at its starting ` +
        'position, and what was applied before is not applied again.',
      { cause },
    );
  }
}

/**
 * Keeps checkpoints as one file per mapping. A file is replaced as a whole, so that a process that is killed
 * leaves the old one or the new one.
 */
export function checkpointFiles(directory: string): CheckpointStore {
  const pathOf = (mappingId: string) => join(directory, `${mappingId}${EXTENSION}`);
  return {
    async load(mappingId) {
      const text = await readFile(pathOf(mappingId), 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
      });
      return text === undefined ? undefined : parse(pathOf(mappingId), text);
    },
    async save(mappingId, value) {
      makeDirectory(directory);
      const path = pathOf(mappingId);
      await writeFile(`${path}.new`, JSON.stringify(value));
      await rename(`${path}.new`, path);
    },
  };
}
