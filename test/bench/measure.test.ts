import { expect, it } from 'vitest';
import { figureOf, inTurns, ratioOf } from '../../bench/measure.ts';
import type { Row } from '../../bench/table.ts';
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
