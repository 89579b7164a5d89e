import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** Elsewhere a command learns it with its next write. */
const hasGnuTail = spawnSync('tail', ['--version'], { encoding: 'utf8' }).stdout?.includes('GNU') ?? false;

/** What bash runs, and the exit codes of its parts. One that does not end is killed: all is null. */
function bash(pipeline: string, script: string) {
  const { stdout, stderr, status } = spawnSync(
    'bash',
    ['-c', `${pipeline}; echo "\${PIPESTATUS[*]}"`, 'bash', process.execPath, script],
    { cwd: root, encoding: 'utf8', timeout: 60_000, killSignal: 'SIGKILL' },
  );
  return { stdout, stderr, status };
}

/** A command that says one thing, and waits; nobody has to write for it to end. */
const waits = `
  import { onOutputClosed } from './cli/closed-output.ts';
  console.log('one');
  const waiting = setInterval(() => {}, 1e6);
  onOutputClosed(() => { clearInterval(waiting); process.exitCode = 7; });`;

describe('when nobody reads standard output any more', () => {
  it.runIf(hasGnuTail)('a command that waits is told at once, and ends as it likes', () => {
    const ended = bash('"$1" --input-type=module -e "$2" | head -1', waits);
    expect(ended).toEqual({ stdout: 'one\n7 0\n', stderr: '', status: 0 });
  });

  it.runIf(hasGnuTail)('lottery ends without a failure, whatever it waits for', async () => {
    // Nobody answers there.
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const aws = `AWS_ENDPOINT_URL=http://127.0.0.1:${port} AWS_REGION=eu-west-1 AWS_ACCESS_KEY_ID=a AWS_SECRET_ACCESS_KEY=a`;
    const ended = bash(`${aws} "$1" "$2" tail --env staging | head -n 0`, 'cli/lottery.mjs');
    server.close();
    expect(ended).toEqual({ stdout: '0 0\n', stderr: '', status: 0 });
  });

  it('a command that writes is told by its write, once, and does not fail', () => {
    const writes = `
      import { onOutputClosed } from './cli/closed-output.ts';
      const writing = setInterval(() => process.stdout.write('line\\n'), 1);
      onOutputClosed(() => { clearInterval(writing); process.stdout.write('more'); process.exitCode ??= 7; });`;
    // Without a tail to be found.
    const ended = bash('PATH=/nowhere "$1" --input-type=module -e "$2" | head -1', writes);
    expect(ended).toEqual({ stdout: 'line\n7 0\n', stderr: '', status: 0 });
  });

  it('whoever reads to the end waits for nobody, and what is written is there', () => {
    const says = `${waits} clearInterval(waiting); console.log('two')`;
    const ended = bash('"$1" --input-type=module -e "$2" | cat', says);
    expect(ended).toEqual({ stdout: 'one\ntwo\n0 0\n', stderr: '', status: 0 });
  });
});
