import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePorts } from '../../integration/support/command.ts';
import type { Backend, RunningBackend } from './backends.ts';

const run = promisify(execFile);

/** AWS's own DynamoDB Local 1.25, which this npm package carries in a folder of its own. */
const packageName = 'amplify-dynamodb-simulator@2.9.30';
/** The package is executable code: only this one. */
const sha512 = 'xTeeRLvzEfqyd5lh3bH4c0kHvSHHmmhD5ZDsHFKAQ5g2Zl6JqlFdutaQhCLHzxEp6Ry1o7TB6niIoXuQAnSewQ==';

const cache = fileURLToPath(new URL('../../../node_modules/.cache/dynamodb-local', import.meta.url));
const jar = join(cache, 'emulator', 'DynamoDBLocal.jar');

const downloadTimeoutMs = 12_000;

/** For the seconds that it lives: compiled once, and collected by one thread. It was half of the work of these tests. */
const javaOptions = ['-Xmx256m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];

/**
 * DynamoDB Local, where Java is present and the package can be had (it is kept beside the other packages).
 * @returns a sentence that says why not, where it cannot be had
 */
export async function dynamodbLocal(): Promise<Backend | string> {
  try {
    await run('java', ['-version']);
  } catch {
    return 'there is no Java here';
  }
  try {
    if (!existsSync(jar)) await fetchPackage();
  } catch (error) {
    // Another test file may have fetched it meanwhile.
    if (existsSync(jar)) return { name: 'DynamoDB Local', start };
    return `its package cannot be had: ${error instanceof Error ? error.message.split('\n')[0] : error}`;
  }
  return { name: 'DynamoDB Local', start };
}

async function fetchPackage(): Promise<void> {
  await mkdir(cache, { recursive: true });
  const directory = await mkdtemp(join(cache, 'download-'));
  try {
    const options = { cwd: directory, timeout: downloadTimeoutMs };
    const pack = ['pack', packageName, '--json', '--ignore-scripts', '--fetch-retries=0'];
    const { stdout } = await run('npm', pack, options);
    const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
    const archive = join(directory, filename);
    const actual = createHash('sha512')
      .update(await readFile(archive))
      .digest('base64');
    if (actual !== sha512) throw new Error(`${filename} is not the package that is expected`);
    await run('tar', ['-xzf', archive, 'package/emulator'], options);
    await rename(join(directory, 'package', 'emulator'), join(cache, 'emulator'));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function start(): Promise<RunningBackend> {
  const port = await freePorts();
  const java = spawn('java', [...javaOptions, '-jar', jar, '-inMemory', '-port', String(port)], {
    cwd: join(cache, 'emulator'),
    stdio: 'ignore',
  });
  const ended = new Promise<void>((resolve) => java.once('exit', () => resolve()));
  const stop = async () => {
    java.kill();
    await ended;
  };
  // Java takes its time on a busy machine: the hook's own time-out ends the wait.
  while (!(await listens(port))) {
    if (java.exitCode !== null) throw new Error(`DynamoDB Local has ended with exit code ${java.exitCode}`);
    await sleep(50);
  }
  return { endpoint: `http://127.0.0.1:${port}`, stop };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
