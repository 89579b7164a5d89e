/** That the linter refuses the imports that the house forbids, and no others: on files made for it. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { browser, contract, core, forms, oracle, pairs, rooms, tests, time } from './samples.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

const all = [...pairs, ...tests, ...forms, ...contract, ...core, ...browser, ...time, ...oracle];

const report = z.object({
  diagnostics: z.array(
    z.object({ category: z.string(), message: z.string(), location: z.object({ path: z.string() }) }),
  ),
});

let directory: string;
/** What the linter says of each file. */
let said: Map<string, string>;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'lint-'));
  for (const name of ['biome.json', 'lint'])
    cpSync(join(root, name), join(directory, name), { recursive: true });
  for (const { path, code } of all) {
    mkdirSync(join(directory, dirname(path)), { recursive: true });
    writeFileSync(join(directory, path), `${code}\n`);
  }
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
  const flags = ['--vcs-enabled=false', '--reporter=json', '--max-diagnostics=none'];
  const { stdout } = spawnSync(process.execPath, [biome, 'lint', ...flags], {
    cwd: directory,
    encoding: 'utf8',
  });
  const { diagnostics } = report.parse(JSON.parse(stdout));
  said = new Map(
    diagnostics.map(({ location, category, message }) => [location.path, `${category}: ${message}`]),
  );
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

it('has a floor for each room that is compiled', () => {
  const { include } = z
    .object({ include: z.array(z.string()) })
    .parse(JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8')));
  expect(include.filter((name) => ![...rooms, 'test', '*.ts'].includes(name))).toEqual([]);
});

describe.each([
  ['rooms and each other', pairs],
  ['rooms and tests', tests],
  ['whatever form an import has', forms],
  ['lib/ and lambda/', contract],
  ['the core', core],
  ['what a browser runs', browser],
  ['what runs again, step by step', time],
  ['the oracle', oracle],
])('imports: %s', (_, some) => {
  it('are refused where they go up, and nowhere else', () => {
    const refused = some.filter(({ path }) => said.has(path)).map(({ path, code }) => `${path}: ${code}`);
    const expected = some.filter(({ isRefused }) => isRefused).map(({ path, code }) => `${path}: ${code}`);
    expect(refused).toEqual(expected);
  });
});

it('says the rule', () => {
  const rule = 'Imports go down: local/ is a runtime for any app and knows no other room.';
  expect(said.get('local/to-lambda.ts')).toBe(`lint/style/noRestrictedImports: ${rule}`);
  const other = pairs.map(({ path }) => said.get(path) ?? '').filter((text) => text !== '');
  expect(other.filter((text) => !/noRestrictedImports: (Imports go down|Of lambda\/)/.test(text))).toEqual(
    [],
  );
});
