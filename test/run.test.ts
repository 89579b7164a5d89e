import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';

const script = fileURLToPath(new URL('./run.ts', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'test-command-'));

/** A command of its own, which is found before the true one. */
function command(name: 'npm' | 'vitest', shell: string): void {
  writeFileSync(join(directory, name), `#!/bin/sh\n${shell}\n`, { mode: 0o755 });
}

/** The exit code of `npm test -- parameters`, and its last lines. */
function run(...parameters: string[]): [number | null, string] {
  const PATH = `${directory}${delimiter}${process.env.PATH}`;
  const options = { env: { ...process.env, PATH }, encoding: 'utf8' } as const;
  const { status, stdout } = spawnSync(process.execPath, [script, ...parameters], options);
  return [status, stdout];
}

describe('npm test', () => {
  beforeEach(() => {
    command('npm', 'exit 0');
    command('vitest', 'exit 0');
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  it('passes what it is given on to the tests, as it is', () => {
    command('vitest', 'for parameter in "$@"; do echo "[$parameter]"; done');
    const [status, output] = run('a.test.ts', '-t', 'a name');
    expect([status, output]).toEqual([
      0,
      '[run]\n[a.test.ts]\n[-t]\n[a name]\n\nlint: ok\ntypes: ok\ntests: ok\n',
    ]);
  });

  it.each([
    [
      'lint',
      'npm',
      'case "$*" in *lint*) echo why; exit 1; esac',
      /^lint:\nwhy\n\n\nlint: FAILED\ntypes: ok\ntests: ok\n$/,
    ],
    [
      'types',
      'npm',
      'case "$*" in *types*) echo why >&2; exit 2; esac',
      /^types:\nwhy\n\n\nlint: ok\ntypes: FAILED\n/,
    ],
    ['a test', 'vitest', 'exit 1', /types: ok\ntests: FAILED\n$/],
    ['nobody: the tests are killed', 'vitest', 'kill -9 $$', /types: ok\ntests: FAILED, ended by SIGKILL\n$/],
  ] as const)('fails when %s fails, and says so', (_what, name, shell, said) => {
    command(name, shell);
    expect(run()).toEqual([1, expect.stringMatching(said)]);
  });
});
