import { describe, expect, test } from 'vitest';
import { compareSequenceNumbers, idToWire, recordIdOf } from '../../../lambda/core/ids.ts';
import { clickWindowStart, drawIdOf, windowStartOf } from '../../../lambda/core/window.ts';

describe('ids', () => {
  test.each([
    ['1', 1],
    ['0', 0],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
    ['9007199254740992', '9007199254740992'],
    ['01', '01'],
    ['-1', '-1'],
    ['1e3', '1e3'],
    ['', ''],
    ['abc', 'abc'],
  ])('%j goes out as %j: a number only where that is the same id', (id, wire) => {
    expect(idToWire(id)).toBe(wire);
  });

  test('a record id names shard and sequence number', () => {
    expect(recordIdOf({ shardId: 'shardId-000000000003', sequenceNumber: '49' })).toBe(
      'shardId-000000000003:49',
    );
  });

  test('sequence numbers sort as the numbers they are', () => {
    const sorted = ['2', '9', '10', `${'9'.repeat(55)}7`, `${'9'.repeat(55)}8`, `1${'0'.repeat(56)}`];
    expect(sorted.toReversed().toSorted(compareSequenceNumbers)).toEqual(sorted);
    expect(compareSequenceNumbers('10', '10')).toBe(0);
  });
});

describe('windows', () => {
  test.each([
    [0, 0],
    [9_999, 0],
    [10_000, 10_000],
    [11_000, 10_000],
    [1_700_000_005_000, 1_700_000_000_000],
  ])('%d is in the window of %d', (timestamp, start) => {
    expect(windowStartOf(timestamp, 10_000)).toBe(start);
  });

  test('a draw is named after lottery and window, from the second run on after the run too', () => {
    expect(drawIdOf({ lotteryId: '1', run: 1, windowStart: 10_000 })).toBe('1@10000');
    expect(drawIdOf({ lotteryId: '1', run: 2, windowStart: 10_000 })).toBe('1@10000#2');
  });
});

describe('the window of a click', () => {
  const inWindow = (timestamp: number, arrival: number, toleranceMs: number | undefined) =>
    clickWindowStart(timestamp, arrival, { windowMs: 10_000, graceMs: 2_000, toleranceMs });

  test.each([
    ['at the end of its grace', 12_000, 0],
    ['after its grace', 12_001, 10_000],
    ['long after it, so that an old empty window cannot be taken', 55_000, 50_000],
    ['before its time', 3_000, 0],
  ])('is its own, unless it arrives too late: %s', (_when, arrival, start) => {
    expect(inWindow(9_999, arrival, 120_000)).toBe(start);
  });

  test('is its own whenever it arrives, where timestamps are not held against the clock', () => {
    expect(inWindow(9_999, 1_700_000_000_000, undefined)).toBe(0);
  });

  test('is never an earlier one than its own', () => {
    expect(inWindow(25_000, 1_000, 120_000)).toBe(20_000);
  });
});
