import { expect, it } from 'vitest';
import { Allowance } from '../../../local/limits/allowance.ts';

const rate = { count: 5, size: 1_000 };

/** What asks to pass, at which ms and with how many bytes, and whether it may. */
it.each<[string, readonly (readonly [number, number, boolean])[]]>([
  ['so many a second', [...passed(5, 0), [999, 0, false], [1_000, 0, true]]],
  ['a second begins with what passes first', [...passed(5, 700), [1_000, 0, false], [1_700, 0, true]]],
  ['what is refused does not count', [...passed(5, 0), [1, 0, false], [2, 0, false], ...passed(5, 1_000)]],
  [
    'so many bytes a second',
    [
      [0, 600, true],
      [0, 401, false],
      [0, 400, true],
      [0, 1, false],
      [1_000, 1, true],
    ],
  ],
  [
    'more bytes at once take as many seconds',
    [
      [0, 5_000, true],
      [4_999, 1, false],
      [5_000, 1, true],
    ],
  ],
  [
    'but not behind others',
    [
      [0, 1, true],
      [0, 1_000, false],
      [1_000, 1_000, true],
    ],
  ],
  ['a clock that is set back begins a second', [...passed(5, 9_000), [100, 0, true]]],
])('%s', (_, asks) => {
  const allowance = new Allowance(rate);
  const answers = asks.map(([now, bytes]) => {
    const fits = allowance.hasRoom(bytes, now);
    if (fits) allowance.take(bytes, now);
    return [now, bytes, fits];
  });
  expect(answers).toEqual(asks);
});

it('bytes that are known afterwards count', () => {
  const allowance = new Allowance(rate);
  allowance.take(0, 0);
  allowance.spend(3_000);
  expect([allowance.hasRoom(1, 2_999), allowance.hasRoom(1, 3_000)]).toEqual([false, true]);
});

function passed(count: number, now: number): [number, number, boolean][] {
  return Array.from({ length: count }, () => [now, 0, true]);
}
