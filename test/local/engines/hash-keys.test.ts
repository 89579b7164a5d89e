import fc from 'fast-check';
import db from 'kinesalite/db/index.js';
import { expect, it } from 'vitest';
import { partitionKeyToHashKey } from '../../../local/engines/hash-keys.ts';

/** kinesalite's own, which nothing here replaces. */
const theirs = { ...db };

const largest = 2n ** 128n - 1n;

it('compares as kinesalite does', () => {
  expect(theirs.partitionKeyToHashKey).not.toBe(partitionKeyToHashKey);
  const ends = fc.oneof(fc.bigInt({ min: 0n, max: largest }), fc.constantFrom(0n, largest)).map(String);
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), ends, (key, end) => {
      const sign = Math.sign(partitionKeyToHashKey(key).comparedTo(end));
      expect(sign).toBe(theirs.partitionKeyToHashKey(key).comparedTo(end));
    }),
  );
});

it('finds a key to be its own hash', () => {
  // MD5 of 'user-1', as a decimal.
  const own = BigInt('0xd6d7705392bc7af633328bea8c4c6904').toString();
  expect(partitionKeyToHashKey('user-1').comparedTo(own)).toBe(0);
  expect(theirs.partitionKeyToHashKey('user-1').comparedTo(own)).toBe(0);
});
