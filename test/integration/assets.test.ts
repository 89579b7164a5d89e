import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { buildApp } from '../../lib/app.ts';
import { sharedAssemblyDirectory } from '../support/shared-assembly.ts';
import { shortWindows } from './support/pipeline.ts';

const directory = mkdtempSync(join(tmpdir(), 'assets-'));

afterEach(() => vi.unstubAllEnvs());

afterAll(() => rmSync(directory, { recursive: true }));

function assets(assembly: string): string[] {
  const names = readdirSync(assembly).filter((name) => name.startsWith('asset.'));
  // The pages of other environments have assets too.
  return names.filter((name) => existsSync(join(assembly, name, 'index.mjs')));
}

describe('the bundles of the functions', () => {
  it('are the same assets wherever the app is synthesized', async () => {
    const { context } = shortWindows;
    const there = await sharedAssemblyDirectory(shortWindows);
    const here = join(directory, 'deeper', 'cdk.out');
    vi.stubEnv('CDK_OUTDIR', here);
    // CDK bundles as it builds the app.
    buildApp({ ...context, 'aws:cdk:bundling-stacks': ['dev/**'] });
    expect(assets(here)).toHaveLength(6);
    expect(assets(here)).toEqual(assets(there));
  });
});
