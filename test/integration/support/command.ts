import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { fileURLToPath } from 'node:url';
import packageJson from '../../../package.json' with { type: 'json' };

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Node's own options and the file, as `npm start` has them. */
const [, ...start] = packageJson.scripts.start.split(' ');

export interface Command {
  process: ChildProcess;
  /** What it has written so far. */
  stdout: string;
  stderr: string;
  /** Resolves with the exit code when it has ended and all it wrote is here. */
  ended: Promise<number | null>;
}

/**
 * Runs `npm start`'s command.
 * @param temporary directory that it uses for temporary files
 * @param input all that comes on its standard input; `open` where the caller writes to it
 */
export function startCommand(
  options: readonly string[],
  temporary: string,
  input?: Buffer | 'open',
): Command {
  const child = spawn(process.execPath, [...start, ...options], {
    cwd: root,
    env: { ...process.env, TMPDIR: temporary },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  if (input !== 'open') child.stdin.end(input);
  const command: Command = {
    process: child,
    stdout: '',
    stderr: '',
    ended: once(child, 'close').then(([code]) => code),
  };
  child.stdout.on('data', (data: Buffer) => {
    command.stdout += data;
  });
  child.stderr.on('data', (data: Buffer) => {
    command.stderr += data;
  });
  return command;
}

/** Below the ports that systems give to whoever asks for any (from 32768 or 49152): nobody takes one by chance. */
const FIRST_PORT = 20_000;
/** Of each worker of the test run, so that none gives out what another one has found free. */
const PORTS = 500;
const WORKERS = 24;

/** The first of four ports in a row that nothing listens on, and that will be free until they are used. */
export async function freePorts(): Promise<number> {
  const worker = Number(process.env.VITEST_POOL_ID ?? 0) % WORKERS;
  for (;;) {
    const port = FIRST_PORT + worker * PORTS + 4 * randomInt(PORTS / 4);
    const servers = await Promise.allSettled([0, 1, 2, 3].map((offset) => listen(port + offset)));
    const listening = servers.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    await Promise.all(listening.map((server) => new Promise((resolve) => server.close(resolve))));
    if (listening.length === 4) return port;
  }
}

function listen(port: number): Promise<Server> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}
