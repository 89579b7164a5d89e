import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { verifyBeacon } from '../../../lambda/adapters/beacon-signature.ts';
import { quicknet } from '../../../lambda/contract/quicknet.ts';
import { beaconChainSchema, timeOfRound } from '../../../lambda/core/beacon.ts';
import known from '../../data/quicknet-rounds.json' with { type: 'json' };

const [first] = known.rounds;
const signature = first?.signature ?? '';

/** The prime of the curve's field, and the bit of 48 bytes that says which of two points has the coordinate. */
const prime =
  0x1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaabn;
const signBit = 1n << 381n;

describe('a published round of drand', () => {
  test.each(known.rounds)('$round is known by its signature', ({ round, signature: signed, randomness }) => {
    expect(verifyBeacon(quicknet, round, signed)).toBe(true);
    expect(verifyBeacon(quicknet, round + 1, signed)).toBe(false);
    // What was published beside it: the data are as their source has them.
    if (randomness === undefined) return;
    expect(createHash('sha256').update(Buffer.from(signed, 'hex')).digest('hex')).toBe(randomness);
  });

  test('of another chain is known by that chain’s key alone', () => {
    const { publicKey, round, signature: signed } = known.walkthrough;
    expect(verifyBeacon({ ...quicknet, publicKey }, round, signed)).toBe(true);
    expect(verifyBeacon(quicknet, round, signed)).toBe(false);
    expect(verifyBeacon({ ...quicknet, publicKey }, 1000, signature)).toBe(false);
  });

  test('has one form: in another one the same signature would give another seed', () => {
    const value = BigInt(`0x${signature}`);
    const turned = (value ^ signBit).toString(16);
    const other = [
      signature.toUpperCase(),
      `0x${signature}`,
      ` ${signature}`,
      `${signature}00`,
      signature.slice(2),
      '',
      turned,
      // The point at infinity, and no point at all.
      `c0${'00'.repeat(47)}`,
      'ff'.repeat(48),
    ];
    expect(other.filter((form) => verifyBeacon(quicknet, 1000, form))).toEqual([]);
  });

  test('has no coordinate that is too large by the field’s prime', () => {
    // One of those whose coordinate is small enough for it.
    const round = 32_285_085;
    const small =
      '81dbce51d584d90d618547f4b50391d53ace6f6b9aeb8fb67e1879427af9d0310ac0ec6f519271d9a313ee84b378d416';
    expect(verifyBeacon(quicknet, round, small)).toBe(true);
    const large = (BigInt(`0x${small}`) + prime).toString(16);
    expect(large).toHaveLength(96);
    expect(verifyBeacon(quicknet, round, large)).toBe(false);
  });

  test.each(['', 'x'.repeat(192), '00'.repeat(96), `c0${'00'.repeat(95)}`, quicknet.publicKey.slice(2)])(
    'is not known by the key %j',
    (publicKey) => {
      expect(verifyBeacon({ ...quicknet, publicKey }, 1000, signature)).toBe(false);
    },
  );
});

test('quicknet is a chain as runs keep it; its first round was published at its genesis', () => {
  expect(beaconChainSchema.parse(quicknet)).toEqual(quicknet);
  expect(timeOfRound(quicknet, 1)).toBe(Date.UTC(2023, 7, 23, 15, 9, 27));
});
