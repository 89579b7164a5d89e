import { type ChildProcess, spawn } from 'node:child_process';
import { fstatSync } from 'node:fs';

/**
 * Calls back, once, when nobody reads standard output any more (`| head`): that is no failure. At once where that is a pipe
 * and the system has GNU tail, else at the next write.
 */
export function onOutputClosed(closed: () => void): void {
  let isClosed = false;
  const close = () => {
    if (isClosed) return;
    isClosed = true;
    closed();
  };
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    close();
  });
  if (isPipe()) watchPipe(close);
}

function isPipe(): boolean {
  try {
    return fstatSync(process.stdout.fd).isFIFO();
  } catch {
    // Closed from the start: the first write says so.
    return false;
  }
}

/**
 * Node polls no descriptor that it only writes to. GNU tail does: it follows what never grows, on the same pipe, and dies of
 * SIGPIPE when the last reader goes. Another tail does not know `--pid` and ends by itself, otherwise.
 */
function watchPipe(close: () => void): void {
  const parameters = ['--pid', String(process.pid), '-f', '/dev/null'];
  const tail = spawn('tail', parameters, { stdio: ['ignore', 'inherit', 'ignore'] });
  tail.on('exit', (_, signal) => signal === 'SIGPIPE' && close());
  tail.on('error', () => {});
  letGo(tail);
}

/** It keeps nobody waiting: not this process, nor who reads the pipe to its end, which tail has open too. */
function letGo(tail: ChildProcess): void {
  tail.unref();
  process.on('exit', () => tail.kill());
}
