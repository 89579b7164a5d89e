import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { Environment } from './tools.ts';

/**
 * Runs a program for as long as somebody holds its standard input open, and says its process id. When the holder ends,
 * however it does (also by SIGKILL, of which it learns nothing itself), the operating system closes the pipe: `read` ends, and
 * the program is killed. KEEPER_REMOVES names a directory that goes then, as nobody is left to remove it.
 */
const SCRIPT = `
exec 3<&0
"$@" </dev/null >&2 3<&- &
program=$!
{ read -r _ <&3; trap '' TERM; kill -9 $program; [ -z "$KEEPER_REMOVES" ] || rm -rf "$KEEPER_REMOVES"; } >/dev/null 2>&1 &
watcher=$!
exec 3<&-
echo $program
wait $program
ended=$?
kill $watcher
exit $ended
`;

export interface KeptOptions {
  program: string;
  parameters: readonly string[];
  environment: Environment;
  /** A file that what it writes is added to. */
  log: string;
  /** A directory that is removed if this process ends without having stopped it. */
  removes?: string | undefined;
}

/** A program that ends with this process. */
export interface Kept {
  /** When it has ended, with its exit code or 128 and the signal. */
  readonly ended: Promise<number>;
  /** SIGTERM lets it end in order. Resolves when it has ended, whoever was first. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/** @throws Error when no shell can be started */
export async function keep({ program, parameters, environment, log, removes }: KeptOptions): Promise<Kept> {
  const output = openSync(log, 'a');
  const child = spawn('/bin/sh', ['-c', SCRIPT, 'keeper', program, ...parameters], {
    env: { ...environment, KEEPER_REMOVES: removes ?? '' },
    stdio: ['pipe', 'pipe', output],
    // A group of its own: Ctrl-C in a terminal goes to all of a group, and it is stopped last.
    detached: true,
  });
  closeSync(output);
  // The pipe breaks when the shell ends.
  child.stdin?.on('error', () => undefined);
  const ended = new Promise<number>((resolve) => {
    child.once('exit', (code) => {
      child.stdin?.destroy();
      resolve(code ?? 1);
    });
  });
  const id = await programId(child);
  return {
    ended,
    async end(signal) {
      if (child.exitCode === null && child.signalCode === null) kill(id, signal);
      await ended;
    },
  };
}

function programId(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => reject(new Error('The shell of the broker ended at once')));
    child.stdout?.once('data', (line: Buffer) => resolve(Number(line.toString())));
  });
}

/** It may have ended by now, and its shell not yet. */
function kill(id: number, signal: NodeJS.Signals): void {
  try {
    process.kill(id, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
