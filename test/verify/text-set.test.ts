import { expect, it } from 'vitest';
import { TextSet } from '../../verify/text-set.ts';

it('tells texts apart by all that they say, and finds each again', () => {
  const odd = ['', 'a', 'A', 'aa', 'é', 'e\u0301', '\ud83d', '\udc00', '\ufffd', '\0', '😀', 'x'.repeat(255)];
  const texts = [...odd, 'x'.repeat(256), 'x'.repeat(70_000), `${'x'.repeat(255)}é`, 'Ā', '\x80', '\x7f'];
  const set = new TextSet();
  for (const [number, text] of texts.entries()) expect(set.add(text)).toEqual({ number, isNew: true });
  for (const [number, text] of texts.entries()) {
    expect(set.add(text)).toEqual({ number, isNew: false });
    for (const guess of [undefined, -1, number, number + 1]) expect(set.numberOf(text, guess)).toBe(number);
    expect(set.at(number)).toBe(text);
  }
  expect(set.numberOf('none')).toBeUndefined();
  expect(set.size).toBe(texts.length);
});

it.each([
  ['of any length', 70_000, (number: number) => `${number}`.repeat(20)],
  ['that fill a buffer to its last byte', 5_000, (number: number) => `${number}`.padStart(255, '.')],
])('holds more than one buffer has, of texts %s', (_, count, textOf) => {
  const set = new TextSet();
  for (let number = 0; number < count; number += 1) set.add(textOf(number));
  const wrong: number[] = [];
  for (let number = 0; number < count; number += 1) {
    const text = textOf(number);
    if (set.numberOf(text) !== number || set.at(number) !== text) wrong.push(number);
  }
  expect(wrong).toEqual([]);
});
