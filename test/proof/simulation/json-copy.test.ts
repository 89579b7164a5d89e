import fc from 'fast-check';
import { expect, it } from 'vitest';
import { jsonCopy } from '../../../proof/simulation/json-copy.ts';

it('is what JSON makes of a value, and shares no object with it', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const wrapped = { value, left: undefined, list: [value, -0] };
      const copy = jsonCopy(wrapped);
      expect(copy).toStrictEqual(JSON.parse(JSON.stringify(wrapped)));
      expect(JSON.stringify(copy)).toBe(JSON.stringify(wrapped));
    }),
  );
  const inner = { deep: [{}] };
  const copy = jsonCopy({ inner });
  inner.deep.push({});
  expect(copy).toStrictEqual({ inner: { deep: [{}] } });
});

it.each([[new Date(0)], [Buffer.from('')], [Number.NaN], [() => 0], [[undefined]], [new Map()]])(
  'refuses %s, which JSON would change',
  (value) => {
    expect(() => jsonCopy({ value })).toThrow(TypeError);
  },
);
