import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));

export interface Command {
  process: ChildProcess;
  /** What it has written so far. */
  stdout: string;
  stderr: string;
  /** Resolves with the exit code when it has ended and all it wrote is here. */
  ended: Promise<number | null>;
}

/** Runs `npm start`'s command. @param temporary directory that it uses for temporary files. */
export function startCommand(options: readonly string[], temporary: string): Command {
  const child = spawn(process.execPath, ['local/cli/start.ts', ...options], {
    cwd: root,
    env: { ...process.env, TMPDIR: temporary },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
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

/** The first of four ports in a row that nothing listens on. */
export async function freePorts(): Promise<number> {
  for (;;) {
    const first = await listen(0);
    const port = portOf(first);
    const others = await Promise.all(
      [listen(port + 1), listen(port + 2), listen(port + 3)].map((each) => each.catch(() => undefined)),
    );
    const servers = [first, ...others].filter((server) => server !== undefined);
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    if (servers.length === 4) return port;
  }
}

function listen(port: number): Promise<Server> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

function portOf(server: Server): number {
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The server has no port');
  return address.port;
}
