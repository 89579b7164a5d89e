import fc from 'fast-check';
import db from 'kinesalite/db/index.js';
import { expect, it } from 'vitest';
import {
  incrementSequence,
  parseSequence,
  type Sequence,
  stringifySequence,
} from '../../../local/engines/sequence-numbers.ts';

/** kinesalite's own, which nothing here replaces. */
const theirs = { ...db };

const ms = fc.oneof(fc.nat(), fc.integer({ min: 0, max: 16_025_174_999_000 }));
const index = fc.oneof(fc.nat(), fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }).map(String));
const sequences = fc.record<Sequence>(
  {
    ...{ shardCreateTime: ms, seqTime: ms, seqIx: fc.oneof(index, fc.constant(null)) },
    shardIx: fc.oneof(fc.nat(20), fc.nat(2 ** 31 - 1)),
    byte1: fc.constantFrom('00', 'ff'),
    version: fc.constantFrom(0, 1, 2),
  },
  { requiredKeys: ['shardCreateTime'] },
);
/** Numbers of records, and any other text that a client may send. */
const texts = fc.oneof(
  sequences.map((sequence) => theirs.stringifySequence(sequence)),
  fc.bigInt({ min: 0n, max: 2n ** 190n }).map(String),
  fc.bigInt({ min: 2n ** 185n, max: 3n * 2n ** 184n }).map((number) => String(number * 16n + 2n)),
  fc.bigInt({ min: 2n ** 181n, max: 3n * 2n ** 180n }).map((number) => String(number * 16n + 2n)),
  fc.constantFrom('', '0', '-1', '1.5', '1e60', 'abc', '0x2', ' 7 '),
);

/** What comes of it, or the error. */
function outcome(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return `throws ${error}`;
  }
}

it('are compared with those that they stand for', () => {
  expect(theirs.parseSequence).not.toBe(parseSequence);
});

it('are read as kinesalite reads them, and refused as it refuses them', () => {
  fc.assert(
    fc.property(texts, (text) => {
      expect(outcome(() => parseSequence(text))).toEqual(outcome(() => theirs.parseSequence(text)));
    }),
    { numRuns: 2_000 },
  );
});

it('are written as kinesalite writes them', () => {
  fc.assert(
    fc.property(sequences, fc.option(ms), (sequence, time) => {
      expect(outcome(() => stringifySequence(sequence))).toEqual(
        outcome(() => theirs.stringifySequence(sequence)),
      );
      expect(outcome(() => incrementSequence(sequence, time))).toEqual(
        outcome(() => theirs.incrementSequence(sequence, time)),
      );
    }),
    { numRuns: 2_000 },
  );
});
