import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { OpenDraws } from '../../client/open-draws.ts';

const windowSeed = '5e'.repeat(32);
const beaconSignature = 'b3'.repeat(48);

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** As docs/fairness.md says: of a draw with a beacon, and of one without. */
const seeds = { [beaconSignature]: sha256(`${windowSeed}:${beaconSignature}`), none: windowSeed };

/** Entries in the order of their priorities, the winner first. */
function ranked(seed: string): [string, string, string, string] {
  const ids = [1, 2, 3, 4].map((n) => `shard:${n}`);
  const [first = '', second = '', third = '', last = ''] = ids.toSorted((left, right) =>
    sha256(`${seed}:${left}`) < sha256(`${seed}:${right}`) ? -1 : 1,
  );
  return [first, second, third, last];
}

describe.each([
  ['a beacon', beaconSignature],
  ['no beacon', undefined],
])('draws with %s', (_, signature) => {
  const seed = seeds[signature ?? 'none'] ?? '';
  const [best, second, third, last] = ranked(seed);
  const winner = (entryId: string, entries: number) => ({
    ...{ priority: sha256(`${seed}:${entryId}`), windowSeed, entries },
    beaconSignature: signature,
  });

  test('are open while entries wait, and settled once as many are known as were drawn', () => {
    const draws = new OpenDraws();
    expect(draws.none).toBe(true);
    expect([best, second].map((entryId) => draws.enter(entryId, '1@0'))).toEqual([true, true]);
    expect(draws.drawIds).toEqual(['1@0']);
    draws.draw('1@0', winner(best, 2));
    expect(draws.none).toBe(true);
    // It comes again: nothing changes.
    draws.draw('1@0', winner(best, 2));
    expect([draws.enter(second, '1@0'), draws.none]).toEqual([false, true]);
  });

  test('missed an entry that would have beaten the winner: it waits for its refund, whenever its receipt comes', () => {
    for (const receiptFirst of [true, false]) {
      const draws = new OpenDraws();
      if (receiptFirst) draws.enter(best, '1@0');
      draws.enter(second, '1@0');
      draws.draw('1@0', winner(second, 1));
      if (!receiptFirst) expect(draws.enter(best, '1@0')).toBe(true);
      expect(draws.drawIds).toEqual(['1@0']);
      draws.refund(best, '1@0');
      expect([draws.none, draws.enter(best, '1@0')]).toEqual([true, false]);
    }
  });

  test('are open while more entries are known than were drawn: one of them waits for its refund', () => {
    const draws = new OpenDraws();
    for (const entryId of [best, second, third, last]) draws.enter(entryId, '1@0');
    draws.draw('1@0', winner(best, 3));
    expect(draws.drawIds).toEqual(['1@0']);
    draws.refund(last, '1@0');
    expect(draws.none).toBe(true);
  });

  test('do not wait for an entry that was refunded before its receipt is seen', () => {
    const draws = new OpenDraws();
    draws.refund(best, '1@0');
    expect([draws.enter(best, '1@0'), draws.none]).toEqual([false, true]);
    expect([draws.enter(best, '1@10000'), draws.drawIds]).toEqual([true, ['1@10000']]);
  });
});

test('the beacon’s signature decides, not the window’s seed alone', () => {
  const order = Object.values(seeds).map((seed) => ranked(seed)[0]);
  // Or these tests would pass without it.
  expect(new Set(order).size).toBe(2);
});
