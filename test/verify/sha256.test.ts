import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { bytesToHex, hashOf, textHash } from '../../verify/bytes.ts';

const expected = (message: string | Uint8Array) => createHash('sha256').update(message).digest('hex');

it('is SHA-256 of each length around the ends of blocks, after longer and shorter ones', () => {
  const bytes = Uint8Array.from({ length: 5_000 }, (_, index) => index * 7 + (index >> 8));
  for (const length of [5_000, ...Array(300).keys(), 4_096, 1]) {
    const message = bytes.subarray(0, length);
    expect(bytesToHex(hashOf(message)), `${length} bytes`).toBe(expected(message));
  }
});

it.each(['', 'abc', 'é😀', 'half a pair: \ud83d', 'x'.repeat(3_000), `${'x'.repeat(999)}é`])(
  'is that of the UTF-8 of %j',
  (text) => {
    expect(bytesToHex(textHash(text))).toBe(expected(text));
    expect(bytesToHex(textHash(text, 0))).toBe(expected(`\0${text}`));
  },
);
