import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isArnLike, matchesArn, matchesGlob } from '../../../local/iam/policy/glob.ts';

it.each<[string, string, boolean]>([
  ['', '', true],
  ['', 'a', false],
  ['*', '', true],
  ['*', 'anything: at/all', true],
  ['**', 'a', true],
  ['?', '', false],
  ['?', 'a', true],
  ['?', 'ab', false],
  ['a*', 'a', true],
  ['a*b', 'ab', true],
  ['a*b', 'a-b-b', true],
  ['a*b', 'abc', false],
  ['*a*b*', 'xaxbx', true],
  ['*ab', 'aab', true],
  ['a?c*', 'abcd', true],
  ['sqs:*Message', 'sqs:SendMessage', true],
  ['sqs:*Message', 'sqs:SendMessages', false],
  // What is special elsewhere is itself here.
  ['a.c', 'abc', false],
  ['[ab]', 'a', false],
  ['a+', 'aa', false],
  ['^a$', 'a', false],
])('%j matches %j: %j', (pattern, text, expected) => {
  expect(matchesGlob(pattern, text)).toBe(expected);
});

it('is what a regular expression says', () => {
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 });
  const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 });
  fc.assert(
    fc.property(pattern, text, (wanted, given) => {
      const expression = new RegExp(`^${wanted.replaceAll('*', '.*').replaceAll('?', '.')}$`);
      expect(matchesGlob(wanted, given)).toBe(expression.test(given));
    }),
  );
});

it('takes no time for a pattern that is made to', () => {
  expect(matchesGlob('*a'.repeat(2_000), `${'a'.repeat(2_000)}b`)).toBe(false);
});

const stream = 'arn:aws:kinesis:us-east-1:000000000000:stream/clicks';

it.each<[string, string, boolean]>([
  ['*', stream, true],
  [stream, stream, true],
  [`${stream}2`, stream, false],
  ['arn:aws:kinesis:*:*:stream/*', stream, true],
  // What is left out at the end is any.
  ['arn:aws:kinesis', stream, true],
  ['arn:aws:kinesis:eu-west-1', stream, false],
  // A star does not reach into the next part ...
  ['arn:aws:*:stream/clicks', stream, false],
  ['arn:aws:kinesis:us-east-1*stream/clicks', stream, false],
  // ... but within the last one it goes over slashes and colons.
  ['arn:aws:s3:::bucket/*', 'arn:aws:s3:::bucket/a/b:c', true],
  ['arn:aws:s3:::bucket*', 'arn:aws:s3:::bucket2/key', true],
  ['arn:aws:s3:::bucket', 'arn:aws:s3:::bucket/key', false],
  ['arn:aws:kinesis:us-east-1:000000000000:STREAM/clicks', stream, false],
  // No resource: only a star is it.
  ['arn:aws:kinesis:*:*:*', '*', false],
  ['*', '*', true],
])('the resource %s covers %s: %j', (pattern, arn, expected) => {
  expect(matchesArn(pattern, arn)).toBe(expected);
});

it('ArnLike wants all six parts', () => {
  expect(isArnLike('arn:aws:kinesis:*:*:*', stream)).toBe(true);
  expect(isArnLike('arn:aws:kinesis:*', stream)).toBe(false);
  expect(isArnLike('*', stream)).toBe(false);
  expect(isArnLike('arn:aws:*:*:*:*', 'stream/clicks')).toBe(false);
});
