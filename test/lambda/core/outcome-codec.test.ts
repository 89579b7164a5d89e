import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { NumberedOutcome, StoredOutcome } from '../../../lambda/core/outcome-codec.ts';
import { encodeOutcomes, outcomesBySequenceNumber } from '../../../lambda/core/outcome-codec.ts';
import { sequenceNumber } from '../../support/records.ts';

const outcome: fc.Arbitrary<StoredOutcome> = fc.tuple(
  fc.integer({ min: 0, max: 255 }),
  fc.oneof(fc.maxSafeNat(), fc.nat(300)),
  fc.oneof(fc.maxSafeNat(), fc.constantFrom(0, 1, 127, 128, 16_383, 16_384)),
);

function expectRoundTrip(outcomes: readonly NumberedOutcome[]): void {
  const find = outcomesBySequenceNumber(outcomes.at(-1)?.sequenceNumber ?? '', encodeOutcomes(outcomes));
  for (const each of outcomes) expect(find(each.sequenceNumber)).toEqual(each.outcome);
}

const numbered = (count: number, first: number): NumberedOutcome[] =>
  Array.from({ length: count }, (_, index) => ({
    sequenceNumber: sequenceNumber(index),
    outcome: [1, first - index, 1],
  }));

describe('packed outcomes', () => {
  test('come back as they were', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(1e6), { minLength: 1, maxLength: 50 }),
        fc.func(outcome),
        (ids, of) => {
          const ascending = ids.toSorted((a, b) => a - b);
          expectRoundTrip(ascending.map((n) => ({ sequenceNumber: sequenceNumber(n), outcome: of(n) })));
        },
      ),
    );
  });

  test('are not found under a position that is not theirs', () => {
    const find = outcomesBySequenceNumber(sequenceNumber(2), encodeOutcomes(numbered(3, 100)));
    expect(find(sequenceNumber(99))).toBeUndefined();
    expect(outcomesBySequenceNumber('1', new Uint8Array())('1')).toBeUndefined();
  });

  test('of 10,000 clicks of one user fit in an item of 400 KB, with the largest balances', () => {
    const outcomes = numbered(10_000, Number.MAX_SAFE_INTEGER);
    expectRoundTrip(outcomes);
    expect(encodeOutcomes(outcomes).length).toBeLessThan(300 * 1024);
    expect(encodeOutcomes(numbered(10_000, 20_000)).length).toBeLessThan(125 * 1024);
  });

  test('of a lone click take at most 5 bytes', () => {
    for (const first of [0, 99, 100, 16_383, 2_000_000]) {
      expect(encodeOutcomes(numbered(1, first)).length).toBeLessThanOrEqual(5);
    }
    expect(encodeOutcomes(numbered(1, 99)).length).toBe(3);
  });
});
