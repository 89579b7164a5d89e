import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { keyFiles } from '../../../local/kms/key-files.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'keys-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

const message = Buffer.from('hello');

it('keeps a key over restarts, for nobody else to read', () => {
  const first = keyFiles(directory)('stack-Key');
  const second = keyFiles(directory)('stack-Key');
  expect(second.publicKey).toEqual(first.publicKey);
  const key = createPublicKey({ key: first.publicKey, format: 'der', type: 'spki' });
  expect(verify('sha256', message, key, second.sign(message))).toBe(true);
  expect(keyFiles(directory)('stack-Other').publicKey).not.toEqual(first.publicKey);
  expect(readdirSync(join(directory, 'kms')).sort()).toEqual(['stack-Key.pem', 'stack-Other.pem']);
  expect(statSync(join(directory, 'kms/stack-Key.pem')).mode & 0o777).toBe(0o600);
});

it('has others each time where nothing is kept', () => {
  expect(keyFiles(undefined)('Key').publicKey).not.toEqual(keyFiles(undefined)('Key').publicKey);
});

it('writes within its directory whatever a key is called', () => {
  keyFiles(directory)('../../x');
  expect(readdirSync(join(directory, 'kms'))).toEqual(['..%2F..%2Fx.pem']);
});

it('takes half a key, as a kill in the middle leaves it, for none', () => {
  keyFiles(directory)('Key');
  writeFileSync(
    join(directory, 'kms/Other.pem.new'),
    readFileSync(join(directory, 'kms/Key.pem')).subarray(0, 40),
  );
  expect(() => keyFiles(directory)('Other')).not.toThrow();
});

it.each([
  ['no key', 'nonsense'],
  ['an empty file', ''],
  [
    'a key of another curve',
    generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey.export({ type: 'pkcs8', format: 'pem' }),
  ],
])('names a file with %s', (_, text) => {
  keyFiles(directory)('Key');
  const path = join(directory, 'kms/Key.pem');
  writeFileSync(path, text);
  expect(() => keyFiles(directory)('Key')).toThrow(`The key in ${path} is damaged. Delete the file`);
});
