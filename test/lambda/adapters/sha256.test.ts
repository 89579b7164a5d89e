import { createHash, createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { Sha256 } from '../../../lambda/adapters/sha256.ts';

const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));

const given: readonly (readonly [name: string, parts: readonly (string | Uint8Array)[]])[] = [
  ['nothing', []],
  ['text', ['é€😀']],
  ['bytes', [bytes]],
  ['a view', [bytes.subarray(3, 200)]],
  ['empty bytes first', [new Uint8Array(), bytes]],
  ['several parts', ['a', bytes, 'b']],
];

const keys: readonly (readonly [name: string, key: string | Uint8Array])[] = [
  ['text', 'AWS4é'],
  ['bytes', bytes.subarray(100, 232)],
  ['no bytes', new Uint8Array()],
];

const hex = (digest: Uint8Array) => Buffer.from(digest).toString('hex');

describe.each(given)('of %s', (_, parts) => {
  async function ours(hash: Sha256): Promise<string> {
    for (const part of parts) hash.update(part);
    return hex(await hash.digest());
  }

  test('the hash is that of Node', async () => {
    const expected = createHash('sha256');
    for (const part of parts) expected.update(part);
    expect(await ours(new Sha256())).toBe(expected.digest('hex'));
  });

  test.each(keys)('and the HMAC with a key of %s', async (_name, key) => {
    const expected = createHmac('sha256', key);
    for (const part of parts) expected.update(part);
    expect(await ours(new Sha256(key))).toBe(expected.digest('hex'));
  });

  test('it begins anew', async () => {
    const hash = new Sha256('key');
    hash.update('something else');
    hash.update(bytes);
    hash.reset();
    expect(await ours(hash)).toBe(await ours(new Sha256('key')));
  });
});

test('an ArrayBuffer is taken as its bytes', async () => {
  const hash = new Sha256(Uint8Array.from(bytes).buffer);
  hash.update(Uint8Array.from(bytes).buffer);
  expect(hex(await hash.digest())).toBe(createHmac('sha256', bytes).update(bytes).digest('hex'));
});
