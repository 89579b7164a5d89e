import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Runs the app as the `cdk` command does. */
function runApp(context: Record<string, string>) {
  const directory = mkdtempSync(join(tmpdir(), 'cdk-'));
  try {
    return spawnSync(process.execPath, ['bin/lottery-streams.ts'], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, CDK_OUTDIR: directory, CDK_CONTEXT_JSON: JSON.stringify(context) },
    });
  } finally {
    rmSync(directory, { recursive: true });
  }
}

describe('a wrong setting on the command line', () => {
  it.each([
    [
      'dev:windowSeconds',
      '0',
      /^dev:windowSeconds must be a whole number from 1 to 900 \(seconds\), not '0'\n$/,
    ],
    ['dev:colour', 'red', /^dev:colour: there is no setting 'colour', only [^\n]*\n$/],
  ])('ends the synthesis with one readable line: %s=%s', (key, value, line) => {
    const { status, stderr, stdout } = runApp({ [key]: value });
    expect(stderr).toMatch(line);
    expect(stdout).toBe('');
    expect(status).toBe(1);
  });
});
