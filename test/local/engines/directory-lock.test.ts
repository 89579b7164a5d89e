import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DirectoryInUseError, lockDirectory } from '../../../local/engines/directory-lock.ts';
import { startEngines } from '../../../local/engines/index.ts';

const options = { port: 0, region: 'us-east-1', accountId: '000000000000', onFailure: () => {} };

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'directory-lock-'));
});

afterEach(() => rm(directory, { recursive: true }));

it('lets one process at a time work on a data directory', async () => {
  const dataDir = join(directory, 'data');
  const unlock = lockDirectory(dataDir);
  await expect(startEngines({ ...options, dataDir })).rejects.toThrow(
    `${dataDir} is in use by another process`,
  );
  unlock();
  const engines = await startEngines({ ...options, dataDir });
  expect(() => lockDirectory(dataDir)).toThrow(DirectoryInUseError);
  await engines.stop();
  lockDirectory(dataDir)();
});

it('names a directory in which the lock cannot be made', async () => {
  await mkdir(join(directory, 'lock'));
  expect(() => lockDirectory(directory)).toThrow(`The data directory ${directory} cannot be worked on: `);
});

it('takes the directory of a process that was killed', async () => {
  const module = new URL('../../../local/engines/directory-lock.ts', import.meta.url).href;
  const code = `import { lockDirectory } from ${JSON.stringify(module)};
    lockDirectory(${JSON.stringify(directory)}); console.log('locked'); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  try {
    await once(child.stdout, 'data');
    expect(() => lockDirectory(directory)).toThrow(DirectoryInUseError);
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
  lockDirectory(directory)();
});
