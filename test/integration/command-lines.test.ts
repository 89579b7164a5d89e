import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

const known = 'only dev, staging, prod';

/** What a person may type wrong, and the one line that names it: before anything is synthesized or started. */
describe.each([
  ['local/cli/start.ts', '--env x', `--env: there is no environment 'x', ${known}`],
  [
    'local/cli/start.ts',
    '-c prod:shards=2',
    '-c prod:shards is a setting of another environment: this is dev',
  ],
  ['local/cli/start.ts', '-c shards=2', '-c shards: say of which environment, as in dev:shards'],
  [
    'local/cli/start.ts',
    '-c x',
    "error: option '-c, --context <key=value>' argument 'x' is invalid. As key=value, e.g. dev:windowSeconds=5.",
  ],
  [
    'local/cli/start.ts',
    '--assembly docs',
    '--assembly docs: there is no synthesized app in it, no manifest.json',
  ],
  ['local/cli/start.ts', '--data package.json', '--data package.json: it is not a directory'],
  ['local/cli/start.ts', '--events docs', 'Cannot read docs: it is a directory'],
  [
    'local/cli/start.ts',
    '--port -1',
    "error: option '--port <number>' argument '-1' is invalid. A whole number from 1 to 65532.",
  ],
  [
    'local/cli/redrive.ts',
    '--bucket --dry-run',
    "error: option '--bucket <name>' argument '--dry-run' is invalid. It must be the name of a bucket: the output ArtifactsBucketName.",
  ],
  ['local/cli/soak.ts', '--env x', `--env: there is no environment 'x', ${known}`],
  [
    'local/cli/soak.ts',
    '--env prod -c dev:shards=2',
    '-c dev:shards is a setting of another environment: this is prod',
  ],
  [
    'bench/run.ts',
    '--only x',
    "error: option '--only <section...>' argument 'x' is invalid. Allowed choices are core, user-events, draw, entries, growth, bundles, pipeline.",
  ],
])('%s %s', (script, parameters, line) => {
  it('says so in one line', () => {
    const { status, stderr, stdout } = run(script, ...parameters.split(' '));
    expect(stderr).toBe(`${line}\n`);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  });
});

/** In /proc of Linux no directory can be made, and Node's own recursion does not end there; elsewhere there is none. */
describe('local/cli/start.ts --data /proc/x', () => {
  it.each(['/proc/x', '/proc/x/y'])('ends with one line that names %s', (directory) => {
    const { status, stderr } = run('local/cli/start.ts', '--data', directory);
    expect(stderr).toMatch(new RegExp(`^--data ${directory}: [^\\n]+\\n$`));
    expect(status).toBe(1);
  });
});

/** A command that does not end is killed: its status is null. */
function run(script: string, ...parameters: readonly string[]) {
  return spawnSync(process.execPath, [script, ...parameters], {
    ...{ cwd: root, encoding: 'utf8', timeout: 120_000, killSignal: 'SIGKILL' },
  });
}
