import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { CheckpointStore, MappingCheckpoint } from './event-source-mapping/index.ts';

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

/**
 * Keeps checkpoints as one file per mapping. A file is replaced as a whole, so that a process that is killed
 * leaves the old one or the new one.
 */
export function checkpointFiles(directory: string): CheckpointStore {
  const pathOf = (mappingId: string) => join(directory, `${mappingId}.json`);
  return {
    async load(mappingId) {
      const text = await readFile(pathOf(mappingId), 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
      });
      return text === undefined ? undefined : checkpoint.parse(JSON.parse(text));
    },
    async save(mappingId, value) {
      await mkdir(directory, { recursive: true });
      const path = pathOf(mappingId);
      await writeFile(`${path}.new`, JSON.stringify(value));
      await rename(`${path}.new`, path);
    },
  };
}
