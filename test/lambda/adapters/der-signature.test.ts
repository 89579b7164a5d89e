import { sign, verify } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { signatureFromDer } from '../../../lambda/adapters/der-signature.ts';
import { receiptKey, receiptPrivateKey } from '../../support/receipt-key.ts';

const der = (hex: string) => Buffer.from(hex, 'hex');
const bytesOf = (hex: string) => Buffer.from(signatureFromDer(der(hex)), 'base64url').toString('hex');

/** An INTEGER of so many bytes, the first one as given. */
const integer = (first: string, length: number) =>
  `02${length.toString(16).padStart(2, '0')}${first}${'5e'.repeat(length - 1)}`;
const sequence = (...integers: readonly string[]) =>
  `30${(integers.join('').length / 2).toString(16).padStart(2, '0')}${integers.join('')}`;

describe('a signature in DER', () => {
  test('of any text, made anew each time, is one of r and s, which the key confirms', () => {
    const spki = { key: Buffer.from(receiptKey, 'base64'), format: 'der', type: 'spki' } as const;
    for (let n = 0; n < 40; n += 1) {
      const text = Buffer.from(`text ${n}`);
      const fixed = Buffer.from(signatureFromDer(sign('sha256', text, receiptPrivateKey)), 'base64url');
      expect(fixed).toHaveLength(64);
      expect(verify('sha256', text, { ...spki, dsaEncoding: 'ieee-p1363' }, fixed)).toBe(true);
    }
  });

  test('has short numbers filled up, and the zero before a first bit that is set left out', () => {
    const short = bytesOf(sequence(integer('01', 1), integer('7f', 31)));
    expect(short).toBe(`${'00'.repeat(31)}01${'00'}7f${'5e'.repeat(30)}`);
    const long = bytesOf(sequence(integer('00', 33).replace('005e', '00ff'), integer('7f', 32)));
    expect(long).toBe(`ff${'5e'.repeat(31)}7f${'5e'.repeat(31)}`);
  });

  const sound = sequence(integer('01', 32), integer('01', 32));

  test.each([
    ['nothing', ''],
    ['no sequence', sound.replace('30', '31')],
    ['a length that is not its own', sound.replace('3044', '3043')],
    ['one number', sequence(integer('01', 32))],
    ['three numbers', sequence(integer('01', 8), integer('01', 8), integer('01', 8))],
    ['a number that is none', sequence(integer('01', 32), integer('01', 32).replace('02', '04'))],
    ['a number without bytes', sequence('0200', integer('01', 32))],
    ['a number that is too long', sequence(integer('01', 33), integer('01', 32))],
    ['a number that goes beyond its end', `3004020102${'02'}`],
    ['an end that is missing', sound.slice(0, -2)],
    ['something behind its end', `${sound}00`],
  ])('is not made of %s', (_, hex) => {
    expect(() => signatureFromDer(der(hex))).toThrow('no ECDSA signature of P-256 in DER');
  });
});
