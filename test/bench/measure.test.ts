import { expect, it } from 'vitest';
import { figureOf, inTurns, ratioOf } from '../../bench/measure.ts';
import { cellsOf, type Row } from '../../bench/table.ts';
import { targetLines } from '../../bench/targets.ts';

it('contenders take turns, and rounds of the warm-up are not counted', async () => {
  const turns: string[] = [];
  let calls = 0;
  const contender = (name: string) => async () => {
    turns.push(name);
    calls += 1;
    return calls;
  };
  const values = await inTurns({ a: contender('a'), b: contender('b') }, { rounds: 2, warmUp: 1 });
  expect(turns.join('')).toBe('ababab');
  expect(values).toEqual({ a: [3, 5], b: [4, 6] });
});

it('a ratio is that of a round, not that of the medians', () => {
  // A machine that is ten times as slow in one round.
  expect(ratioOf([1, 20, 3], [2, 40, 6])).toEqual({ median: 0.5, lower: 0.5, upper: 0.5 });
  expect(figureOf([5, 1, 4, 2, 3])).toEqual({ median: 3, lower: 2, upper: 4 });
});

it('numbers have three digits, or all of those before the point', () => {
  const textOf = (value: number) => cellsOf({ name: '', unit: '', value })[1];
  expect([0.14049, 5, 50.649, 999.6, 1_000.4, 28_358.2].map(textOf)).toEqual([
    ...['0.140', '5', '50.6', '1,000', '1,000', '28,358'],
  ]);
});

it('says which targets are met, which are not, and why', () => {
  const rows: Row[] = [
    { name: 'cost', unit: 'µs', value: 2, atMost: 2, reason: 'never' },
    { name: '  speed', unit: 'clicks/s', value: 59_999, atLeast: 60_000, reason: 'It is far' },
    { name: 'size', unit: 'KB', value: 1 },
  ];
  expect(targetLines([{ title: 'all', rows }]).split('\n')).toEqual([
    '## Targets',
    'cost: 2 µs, at most 2: met',
    'cost: speed: 59,999 clicks/s, at least 60,000: NOT MET. It is far',
    '1 of 2 targets met.',
    '',
  ]);
});
