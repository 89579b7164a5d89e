import { describe, expect, test } from 'vitest';
import { compareSequenceNumbers, idToWire, recordIdOf } from '../../../lambda/core/ids.ts';
import { drawIdOf, windowStartOf } from '../../../lambda/core/window.ts';

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
