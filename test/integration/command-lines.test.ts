import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

const known = 'only dev, staging, prod';

/** What a person may type wrong, and the one line that names it: before anything is synthesized or started. More of them in options.test.ts. */
describe.each([
  ['cli/start/start.ts', '--env x', `--env: there is no environment 'x', ${known}`],
  [
    'cli/start/start.ts',
    '-c x',
    "error: option '-c, --context <key=value>' argument 'x' is invalid. As key=value, e.g. dev:windowSeconds=5.",
  ],
  ['cli/start/start.ts', '--events docs', 'Cannot read docs: it is a directory'],
  [
    'cli/start/start.ts',
    '--port -1',
    "error: option '--port <number>' argument '-1' is invalid. A whole number from 1 to 65530.",
  ],
  [
    'cli/redrive.ts',
    '--bucket --dry-run',
    "error: option '--bucket <name>' argument '--dry-run' is invalid. It must be the name of a bucket: the output ArtifactsBucketName.",
  ],
  ['cli/soak.ts', '--env x', `--env: there is no environment 'x', ${known}`],
  [
    'bench/run.ts',
    '--only x',
    "error: option '--only <section...>' argument 'x' is invalid. Allowed choices are core, user-events, aggregated, growth, draw, million, entries, cold-start, memory, pipeline, verify, flink, flink-full.",
  ],
])('%s %s', (script, parameters, line) => {
  it('says so in one line', () => {
    const { status, stderr, stdout } = run(script, ...parameters.split(' '));
    expect(stderr).toBe(`${line}\n`);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  });
});

/** In /proc of Linux no directory can be made, and Node's own recursion does not end there; elsewhere there is none. */
describe('cli/start/start.ts --data /proc/x/y', () => {
  it('ends with one line that names it', () => {
    const { status, stderr } = run('cli/start/start.ts', '--data', '/proc/x/y');
    expect(stderr).toMatch(/^--data \/proc\/x\/y: [^\n]+\n$/);
    expect(status).toBe(1);
  });
});

/** A command that does not end is killed: its status is null. */
function run(script: string, ...parameters: readonly string[]) {
  return spawnSync(process.execPath, [script, ...parameters], {
    ...{ cwd: root, encoding: 'utf8', timeout: 120_000, killSignal: 'SIGKILL' },
  });
}
