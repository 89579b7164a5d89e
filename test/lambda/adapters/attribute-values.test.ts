import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromAttributes, toAttribute, toAttributes } from '../../../lambda/adapters/attribute-values.ts';

/** Names are the product's own, shard ids and fingerprints: none is `__proto__`. */
const name = fc.string().filter((text) => text !== '__proto__');

const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string(),
    fc.maxSafeInteger(),
    fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((number) => number || 0),
    fc.boolean(),
    fc.uint8Array(),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(name, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));

describe('attribute values', () => {
  it('come back as they went', () => {
    fc.assert(
      fc.property(fc.dictionary(name, value, { noNullPrototype: true }), (item) => {
        expect(fromAttributes(toAttributes(item))).toEqual(item);
      }),
    );
  });

  it('have the types of DynamoDB', () => {
    const bytes = Uint8Array.of(1);
    expect(toAttributes({ text: 'a', number: 1.5, flag: true, bytes, list: ['b'], map: { n: 0 } })).toEqual({
      text: { S: 'a' },
      number: { N: '1.5' },
      flag: { BOOL: true },
      bytes: { B: bytes },
      list: { L: [{ S: 'b' }] },
      map: { M: { n: { N: '0' } } },
    });
  });

  it('leave out what is undefined', () => {
    expect(toAttributes({ there: 1, absent: undefined })).toEqual({ there: { N: '1' } });
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, null, undefined, 1n, Symbol('s')])('%s has none', (none) => {
    expect(() => toAttribute(none)).toThrow(TypeError);
  });

  it('refuse to round a number, and types that are not ours', () => {
    expect(() => fromAttributes({ n: { N: '9007199254740993' } })).toThrow('cannot be read exactly');
    expect(() => fromAttributes({ set: { SS: ['a'] } })).toThrow('unknown type: SS');
  });
});
