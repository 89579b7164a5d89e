import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { buildApp } from '../../lib/app.ts';
import { sharedAssemblyDirectory } from '../support/shared-assembly.ts';

const directory = mkdtempSync(join(tmpdir(), 'assets-'));

afterAll(() => rmSync(directory, { recursive: true }));

function assets(assembly: string): string[] {
  return readdirSync(assembly).filter((name) => name.startsWith('asset.'));
}

describe('the bundles of the functions', () => {
  it('are the same assets wherever the app is synthesized', async () => {
    const context = { 'dev:windowSeconds': 2, 'dev:graceSeconds': 1, 'dev:clockToleranceSeconds': 'off' };
    const there = await sharedAssemblyDirectory({ environment: 'dev', context });
    const here = join(directory, 'deeper', 'cdk.out');
    vi.stubEnv('CDK_OUTDIR', here);
    // CDK bundles as it builds the app.
    buildApp({ ...context, 'aws:cdk:bundling-stacks': ['dev/**'] });
    vi.unstubAllEnvs();
    expect(assets(here)).toHaveLength(4);
    expect(assets(here)).toEqual(assets(there));
  });
});
