import { describe, expect, it } from 'vitest';
import { table } from '../../cli/table.ts';
import { timeIn } from '../../cli/time-argument.ts';
import { countdown, windowText } from '../../cli/times.ts';

describe('a table', () => {
  it('has columns as wide as what is in them, and numbers on the right', () => {
    const text = table(
      ['ID', 'COUNT', 'NOTE'],
      [
        ['promo', 7, 'é😀'],
        ['x', 120, undefined],
      ],
    );
    expect(text).toBe(['ID     COUNT  NOTE', 'promo      7  é😀', 'x        120'].join('\n'));
  });

  it('spells out what would drive a terminal, or look like another line', () => {
    expect(table(['ID'], [['a\nb\u001b[2J\u202e']])).toBe('ID\na\\u000ab\\u001b[2J\\u202e');
  });
});

describe('times', () => {
  it.each([
    [-5, '0 s'],
    [0, '0 s'],
    [1, '1 s'],
    [9_000, '9 s'],
    [60_000, '1 min'],
    [125_000, '2 min 5 s'],
    [3_600_000 + 59_000, '1 h'],
    [90_000_000, '1 d 1 h'],
  ])('%d ms to come: %s', (ms, text) => {
    expect(countdown(ms)).toBe(text);
  });

  it('name the day of a window where it is not today', () => {
    const noon = Date.UTC(2026, 4, 1, 12);
    expect(windowText(noon, noon + 10_000, noon)).toBe('12:00:00-12:00:10');
    expect(windowText(noon, noon + 10_000, noon + 86_400_000)).toBe('2026-05-01 12:00:00-12:00:10');
  });

  const now = Date.UTC(2026, 4, 1, 12);

  it.each([
    ['2026-05-01T12:00:00Z', now],
    ['2026-05-01T14:00+02:00', now],
    ['2026-05-01T12:00:00.5Z', now + 500],
    ['+90s', now + 90_000],
    ['-10m', now - 600_000],
    ['+2h', now + 7_200_000],
    ['-1d', now - 86_400_000],
  ])('are typed as %s', (text, ms) => {
    expect(timeIn('--at', text, now)).toBe(ms);
  });

  it.each([
    '',
    'now',
    '12:00',
    '2026-05-01',
    '2026-05-01T12:00:00',
    '2026-13-01T12:00:00Z',
    '2026-02-30T12:00:00Z',
    '+1w',
    '+',
    '2200-01-01T00:00:00Z',
    '-99999d',
    '1777636800000',
  ])('are not typed as %j', (text) => {
    expect(() => timeIn('--at', text, now)).toThrow(/^--at: .* is no time/);
  });
});
