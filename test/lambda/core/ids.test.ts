import { describe, expect, test } from 'vitest';
import { dueAt } from '../../../lambda/core/block.ts';
import { compareSequenceNumbers, idToWire, recordIdOf } from '../../../lambda/core/ids.ts';
import { clickWindowStart, drawIdOf, windowStartOf } from '../../../lambda/core/window.ts';
import { activeRun } from '../../support/events.ts';

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
  const timing = { windowMs: 10_000, graceMs: 2_000 };
  /** Its own window is that of 20,000. */
  const timestamp = 25_000;

  test.each([
    ['long before it', 3_000, 0],
    ['just before the grace before it', 17_999, 10_000],
    ['with the grace before it', 18_000, 20_000],
    ['in the grace before it', 18_001, 20_000],
    ['in it', 25_000, 20_000],
    ['at the end of the grace after it', 31_999, 20_000],
    ['with the end of the grace after it', 32_000, 20_000],
    ['after the grace after it', 32_001, 30_000],
    ['long after it, so that an old empty window cannot be taken', 55_000, 50_000],
  ])('is its own or that of its arrival: it came %s', (_when, arrival, start) => {
    expect(clickWindowStart({ timestamp, arrival }, timing)).toBe(start);
  });

  test.each([
    ['long before it: one may be ahead of its shard', 0, 20_000],
    ['at the end of its grace', 31_999, 20_000],
    ['with the end of its grace', 32_000, 20_000],
    ['after its grace', 32_001, 30_000],
    ['long after it', 55_000, 50_000],
  ])(
    'is its own or that of the clock in a replay, whenever it arrives: the clock is %s',
    (_, clock, start) => {
      for (const arrival of [0, 25_000, 1_700_000_000_000]) {
        expect(clickWindowStart({ timestamp, arrival, clock }, timing)).toBe(start);
      }
    },
  );

  test.each([
    ['live', {}, 250],
    ['in a replay', { replay: true as const }, 0],
  ])('is complete once no click can come into it any more: %s', (_, replay, margin) => {
    const due = dueAt(activeRun({ ...timing, ...replay }), 20_000, 250) - margin;
    const startAt = (time: number) =>
      clickWindowStart({ timestamp, arrival: time, ...(margin === 0 && { clock: time }) }, timing);
    expect([startAt(due - 1), startAt(due)]).toEqual([20_000, 30_000]);
  });
});
