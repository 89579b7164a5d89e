/**
 * Are winners as uniform as chance? Pearson's chi-square over many windows, drawn by the product's own code.
 * The seed is fixed: each run computes the same numbers, so this can fail by a change of the code, never by luck.
 */
import { describe, expect, it } from 'vitest';
import { windowSeed } from '../../../lambda/core/fairness.ts';
import { EntriesTally } from '../../../lambda/core/sheet.ts';

const seed = 'c0ffee'.padEnd(64, '0');
const windowMs = 10_000;
const firstWindow = 1_700_000_000_000;
const windows = 4_000;
const users = 10;

/**
 * Chi-square with 9 degrees of freedom (10 users): 0.1 % of all fair lotteries are below the first value and
 * 0.1 % above the second. NIST/SEMATECH e-Handbook of Statistical Methods, table 1.3.6.7.4. Too even a
 * result is as suspect as too uneven a one.
 */
const tooEven = 1.152;
const tooUneven = 27.877;

type Click = { userId: number; entryId: string };

/** The user who wins each window. */
function winners(clicksOf: (window: number) => readonly Click[]): number[] {
  return Array.from({ length: windows }, (_, window) => {
    const entries = clicksOf(window).map(({ userId, entryId }) => [entryId, String(userId)] as const);
    const draw = new EntriesTally(windowSeed(seed, '1', firstWindow + window * windowMs));
    draw.add('', entries);
    return Number(draw.winner().userId);
  });
}

/** How often each of 0 to 9 appears. */
function tally(values: readonly number[]): number[] {
  return Array.from({ length: users }, (_, user) => values.filter((value) => value === user).length);
}

/** @param weights the chances of 0 to 9, in any unit */
function chiSquare(values: readonly number[], weights: readonly number[]): number {
  const observed = tally(values);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.reduce((sum, weight, user) => {
    const expected = (values.length * weight) / total;
    return sum + ((observed[user] ?? 0) - expected) ** 2 / expected;
  }, 0);
}

/** As Kinesis names records: neighbours differ in the last digits only, which must not make them alike. */
const entryId = (position: number) => `shardId-000000000000:${String(position).padStart(56, '4')}`;

/** Each user's clicks, one user after the other; `window` makes the ids new in each window. */
function clicks(counts: readonly number[], window: number): Click[] {
  const owners = counts.flatMap((count, userId) => new Array<number>(count).fill(userId));
  return owners.map((userId, index) => ({ userId, entryId: entryId(window * owners.length + index) }));
}

const equal = new Array<number>(users).fill(3);
const unequal = Array.from({ length: users }, (_, user) => user + 1);

function expectFair(values: readonly number[], weights: readonly number[]): void {
  const statistic = chiSquare(values, weights);
  expect(statistic).toBeGreaterThan(tooEven);
  expect(statistic).toBeLessThan(tooUneven);
}

describe('the winners of many windows', () => {
  it.each<[string, readonly number[]]>([
    ['one click each', new Array<number>(users).fill(1)],
    ['three clicks each', equal],
    ['1 to 10 clicks, chances in proportion', unequal],
  ])('are uniform over the clicks: %s', (_, counts) => {
    expectFair(
      winners((window) => clicks(counts, window)),
      counts,
    );
  });

  it('are uniform when the same entries are in every window: its seed alone decides', () => {
    const same = clicks(equal, 0);
    expectFair(
      winners(() => same),
      equal,
    );
  });

  it('do not depend on the winner before', () => {
    const won = winners((window) => clicks(equal, window));
    const steps = won.slice(1).map((user, index) => (user - (won[index] ?? 0) + users) % users);
    expectFair(steps, equal);
  });

  it('would be found unfair if one user of ten had a third more chances', () => {
    const favoured = winners((window) => clicks(equal.with(0, 4), window));
    expect(chiSquare(favoured, equal)).toBeGreaterThan(tooUneven);
  });
});
