import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkCheckpoints, checkpointFiles } from '../../local/checkpoint-files.ts';
import { startRuntime } from '../../local/runtime.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'checkpoints-'));
});

afterEach(() => rm(directory, { recursive: true }));

it('keeps what was saved', async () => {
  const checkpoint = {
    startAtMs: null,
    shards: { 'shardId-0': { sequenceNumber: '1', lanes: ['1', null] } },
  };
  await checkpointFiles(directory).save('probe', checkpoint);
  await expect(checkpointFiles(directory).load('probe')).resolves.toEqual(checkpoint);
  await expect(checkpointFiles(directory).load('other')).resolves.toBeUndefined();
  await expect(checkCheckpoints(directory)).resolves.toBeUndefined();
  await expect(checkCheckpoints(join(directory, 'none'))).resolves.toBeUndefined();
});

it.each([
  ['no JSON', '{"startAtMs":'],
  ['no checkpoint', '{"startAtMs":"soon","shards":{}}'],
])('names the file that holds %s, and what to do, before anything starts', async (_, text) => {
  const checkpoints = join(directory, 'checkpoints');
  const path = join(checkpoints, 'probe.json');
  await mkdir(checkpoints);
  await writeFile(path, text);
  const message = `The checkpoint ${path} is damaged. Delete it`;
  await expect(checkpointFiles(checkpoints).load('probe')).rejects.toThrow(message);
  await expect(startRuntime({ project: directory, dataDir: directory })).rejects.toThrow(message);
});
