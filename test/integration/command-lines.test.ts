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
  ['tools/cost.ts', '-c prod:shards=2', '-c prod:shards is a setting of another environment: this is dev'],
])('%s %s', (script, parameters, line) => {
  it('says so in one line', () => {
    const { status, stderr, stdout } = spawnSync(process.execPath, [script, ...parameters.split(' ')], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(stderr).toBe(`${line}\n`);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  });
});
