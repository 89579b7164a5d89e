import { describe, expect, it } from 'vitest';
import { lastTop, layoutOf, scrolled, wrapped } from '../../../cli/view/layout.ts';

const contents = { lotteries: 1, winners: 100, functions: 7, hasFaults: true };

describe('the rows of the view', () => {
  it('are no more than there are', () => {
    for (let rows = 18; rows < 60; rows += 1) {
      for (const lotteries of [0, 1, 5, 300]) {
        for (const functions of [1, 4, 7, 20]) {
          const layout = layoutOf(rows, { ...contents, lotteries, functions });
          expect(layout.lotteries).toBeGreaterThan(0);
          expect(layout.middle).toBeGreaterThan(0);
          expect(layout.lotteries + layout.middle).toBeLessThanOrEqual(rows - 11);
        }
      }
    }
  });

  it('show all functions beside many lotteries on 24, and more lotteries on more', () => {
    expect(layoutOf(24, { ...contents, lotteries: 30 })).toEqual({ lotteries: 6, middle: 7 });
    expect(layoutOf(40, { ...contents, lotteries: 30 })).toEqual({ lotteries: 22, middle: 7 });
  });

  it('show more winners where there are few lotteries', () => {
    expect(layoutOf(40, { ...contents, lotteries: 2 })).toEqual({ lotteries: 2, middle: 27 });
  });
});

describe('a part of a list', () => {
  it('has the chosen one in its middle, and no empty rows', () => {
    expect([scrolled(5, 5, 4), scrolled(30, 5, 0), scrolled(30, 5, 10), scrolled(30, 5, 29)]).toEqual([
      ...[0, 0, 8, 25],
    ]);
  });
});

describe('a page of lines', () => {
  it('has all of a long line, in as many as it needs', () => {
    expect(wrapped(['', 'abcde', 'ab'], 2)).toEqual(['', 'ab', 'cd', 'e', 'ab']);
    expect(wrapped(['\u{1f3b2}\u{1f3b2}'], 1)).toEqual(['\u{1f3b2}', '\u{1f3b2}']);
  });

  it('is read on until its last line is shown, and no further', () => {
    const lines = Array.from({ length: 30 }, () => 'abcd');
    expect(lastTop(lines, { columns: 4, rows: 25 })).toBe(10);
    expect(lastTop(lines, { columns: 2, rows: 25 })).toBe(40);
    expect(lastTop(lines, { columns: 4, rows: 80 })).toBe(0);
  });
});
