import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RecordPlace } from '../../../lambda/core/ids.ts';
import type { LotteryOutcome } from '../../../lambda/core/lottery-outcome.ts';
import { lotteryOutcomeCodec } from '../../../lambda/core/lottery-outcome.ts';
import type { OutcomeCodec, PlacedOutcome, StoredOutcome } from '../../../lambda/core/outcome-codec.ts';
import { bytesOf, encodeOutcomes, storedOutcomes } from '../../../lambda/core/outcome-codec.ts';
import { rejectionReasons } from '../../../lambda/core/reasons.ts';
import type { UserOutcome } from '../../../lambda/core/user-outcome.ts';
import { userOutcomeCodec } from '../../../lambda/core/user-outcome.ts';
import { latestTime } from '../../../lambda/core/window.ts';
import { sequenceNumber } from '../../support/records.ts';

const number = fc.oneof(fc.maxSafeNat(), fc.nat(300), fc.constantFrom(0, 1, 127, 128, 16_383, 16_384));
const hasThird = (code: number) => code >= 8 && code < 16;

/** Of two numbers, or three with the codes that have them. */
const outcome: fc.Arbitrary<StoredOutcome> = fc
  .tuple(fc.oneof(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 8, max: 15 })), number, number, number)
  .map(([code, first, second, third]) =>
    hasThird(code) ? [code, first, second, third] : [code, first, second],
  );

const at = (n: number): RecordPlace => ({ sequenceNumber: sequenceNumber(n) });

/** As a cursor keeps them, packed. */
function foundIn(outcomes: readonly PlacedOutcome[]) {
  const place = outcomes.at(-1)?.place ?? at(0);
  return storedOutcomes({ ...place, outcomes: encodeOutcomes(outcomes) });
}

function expectRoundTrip(outcomes: readonly PlacedOutcome[]): void {
  const find = foundIn(outcomes);
  for (const each of outcomes) expect(find(each.place)).toEqual(each.outcome);
}

const numbered = (count: number, first: number): PlacedOutcome[] =>
  Array.from({ length: count }, (_, index) => ({
    place: at(index),
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
          expectRoundTrip(ascending.map((n) => ({ place: at(n), outcome: of(n) })));
        },
      ),
    );
  });

  test('take as many bytes as is said of them, but for the fingerprint of the last', () => {
    fc.assert(
      fc.property(fc.array(outcome, { minLength: 1, maxLength: 20 }), (outcomes) => {
        const packed = encodeOutcomes(outcomes.map((each, index) => ({ place: at(index), outcome: each })));
        expect(packed.length).toBe(outcomes.reduce((sum, each) => sum + bytesOf(each), -8));
      }),
    );
  });

  test('are not found under a position that is not theirs', () => {
    expect(foundIn(numbered(3, 100))(at(99))).toBeUndefined();
    expect(storedOutcomes({ ...at(1), outcomes: new Uint8Array() })(at(1))).toBeUndefined();
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

describe('what a cursor keeps of users’ outcomes', () => {
  const availableCoupons = fc.maxSafeNat();
  const run = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
  const windowStart = fc.nat(2 * latestTime);
  const rejected = fc.record({
    kind: fc.constant('rejected' as const),
    reason: fc.constantFrom(...rejectionReasons),
  });
  const userOutcome: fc.Arbitrary<UserOutcome> = fc.oneof(
    fc.record({ kind: fc.constantFrom('bought' as const, 'refunded' as const), availableCoupons }),
    fc.record({ kind: fc.constant('accepted' as const), availableCoupons, run }),
    fc.record({ kind: fc.constant('accepted' as const), availableCoupons, run, windowStart }),
    rejected,
  );
  const lotteryOutcome: fc.Arbitrary<LotteryOutcome> = fc.oneof(
    fc.record({ kind: fc.constant('started' as const), run }),
    fc.record({ kind: fc.constant('stopped' as const), run, lastWindowStart: windowStart }),
    rejected,
  );

  /** Through bytes, as the table has it. */
  function through<Outcome>({ encode, decode }: OutcomeCodec<Outcome>, given: Outcome): Outcome {
    const stored = foundIn([{ place: at(1), outcome: encode(given) }])(at(1));
    if (stored === undefined) throw new Error('The outcome is gone');
    return decode(stored);
  }

  test('is all of them, and of lotteries’ as well', () => {
    fc.assert(
      fc.property(userOutcome, lotteryOutcome, (ofUser, ofLottery) => {
        expect(through(userOutcomeCodec, ofUser)).toEqual(ofUser);
        expect(through(lotteryOutcomeCodec, ofLottery)).toEqual(ofLottery);
      }),
    );
  });

  test('can be read from the bytes that were stored before clicks had windows of their own', () => {
    const stored: [number[], UserOutcome][] = [
      [[0, 100, 0], { kind: 'bought', availableCoupons: 100 }],
      [[1, 99, 2], { kind: 'accepted', availableCoupons: 99, run: 2 }],
      [[19, 0, 0], { kind: 'rejected', reason: 'NO_COUPON' }],
    ];
    for (const [bytes, outcome] of stored) {
      const cursor = { ...at(1), outcomes: Uint8Array.from(bytes) };
      const [code = 0, first = 0, second = 0] = storedOutcomes(cursor)(at(1)) ?? [];
      expect(userOutcomeCodec.decode([code, first, second])).toEqual(outcome);
    }
  });
});
