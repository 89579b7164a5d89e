import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openChain } from '../../../local/drand/chain-file.ts';

const NOW = Date.UTC(2026, 0, 1);
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'chain-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

it('keeps a chain over restarts, whenever they are, for nobody else to read', () => {
  const first = openChain(directory, NOW);
  const second = openChain(directory, NOW + 1_000_000);
  expect(second.info).toEqual(first.info);
  expect(second.signatureOf(5)).toBe(first.signatureOf(5));
  expect(first.info.genesisSeconds).toBe(NOW / 1000 - 86_400);
  expect(statSync(join(directory, 'drand.json')).mode & 0o777).toBe(0o600);
});

it('is another one each time where nothing is kept', () => {
  expect(openChain(undefined, NOW).info.publicKey).not.toBe(openChain(undefined, NOW).info.publicKey);
});

it.each([
  ['no JSON', 'nonsense'],
  ['no key', '{"genesisSeconds":1}'],
  ['a key of zero', JSON.stringify({ genesisSeconds: 1, secretKey: '0'.repeat(64) })],
])('names a file with %s', (_, text) => {
  const path = join(directory, 'drand.json');
  writeFileSync(path, text);
  expect(() => openChain(directory, NOW)).toThrow(`The chain in ${path} is damaged. Delete the file`);
});
