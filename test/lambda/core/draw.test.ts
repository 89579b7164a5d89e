import { describe, expect, test } from 'vitest';
import type { StoredDraw } from '../../../lambda/core/draw.ts';
import { drawFrom, lateWinnerOf, movedPartial, settleLate } from '../../../lambda/core/draw.ts';
import {
  couponRefundEvent,
  entryMovedEvent,
  lotteryEndedEvent,
  winnerEvent,
} from '../../../lambda/core/draw-outputs.ts';
import {
  entriesRecordSchema,
  partialRecord,
  tickMessageSchema,
} from '../../../lambda/core/entries-records.ts';
import { priority, seedCommitment, windowSeed } from '../../../lambda/core/fairness.ts';
import type { Entry, PartialDraw } from '../../../lambda/core/partial-draw.ts';
import { activeRun, seed, seededRun, windowMs } from '../../support/events.ts';

const entry = (first: string, entryId = `shard:${first}`, userId = '7'): Entry => ({
  entryId,
  userId,
  priority: first.padEnd(64, '0'),
});

const partial = (best: Entry, fields: Partial<PartialDraw> = {}): PartialDraw => ({
  lotteryId: '1',
  run: 1,
  windowStart: 10_000,
  best,
  entries: 3,
  ...fields,
});

const stored = (winner: Entry): StoredDraw => drawFrom(partial(winner), seededRun(), windowMs);

describe('a draw', () => {
  test('announces all that is needed to check it', () => {
    expect(winnerEvent(stored(entry('5')))).toEqual({
      type: 'LotteryWinnerEvent',
      drawId: '1@10000',
      lotteryId: 1,
      run: 1,
      userId: 7,
      windowStart: 10_000,
      windowEnd: 20_000,
      entries: 3,
      entryId: 'shard:5',
      priority: '5'.padEnd(64, '0'),
      windowSeed: windowSeed(seed, '1', 10_000),
    });
  });

  test('has the prize of its window', () => {
    const run = seededRun({ firstWindowStart: 0, lastWindowStart: 10_000, prizes: ['bike', 'car'] });
    const draw = drawFrom(partial(entry('5')), run, windowMs);
    expect(winnerEvent(draw)).toMatchObject({ prize: 'car' });
  });

  test('of a second run has another name', () => {
    expect(drawFrom(partial(entry('5'), { run: 2 }), seededRun({ run: 2 }), windowMs).drawId).toBe(
      '1@10000#2',
    );
  });

  test('the end reveals the seed beside the commitment', () => {
    expect(lotteryEndedEvent(seededRun())).toEqual({
      type: 'LotteryEndedEvent',
      lotteryId: 1,
      run: 1,
      seed,
      seedCommitment: seedCommitment(seed),
    });
  });
});

describe('a partial that comes after its draw', () => {
  test('of the same entry is no news', () => {
    expect(lateWinnerOf(partial(entry('5')), stored(entry('5')))).toBeUndefined();
  });

  test('of a higher priority number lost', () => {
    expect(lateWinnerOf(partial(entry('6')), stored(entry('5')))).toBeUndefined();
  });

  test('of a lower one would have won', () => {
    expect(lateWinnerOf(partial(entry('4')), stored(entry('5')))).toEqual(entry('4'));
  });
});

describe('a late entry', () => {
  const late = (current: ReturnType<typeof activeRun> | undefined, clock = 45_678) =>
    settleLate(entry('4'), stored(entry('5')), current, clock, windowMs);
  const settled = {
    entryId: 'shard:4',
    userId: '7',
    lotteryId: '1',
    run: 1,
    drawId: '1@10000',
    settledAt: 45_678,
  };

  test('is moved to the window of the clock', () => {
    expect(late(activeRun())).toEqual({ ...settled, movedTo: 40_000 });
  });

  test('is moved in a stopped lottery as long as it has that window', () => {
    const stopped = (lastWindowStart: number) => activeRun({ status: 'stopped', lastWindowStart });
    expect(late(stopped(40_000))).toMatchObject({ movedTo: 40_000 });
    expect(late(stopped(30_000))).toEqual(settled);
  });

  test.each([
    ['is over', activeRun({ status: 'ended' })],
    ['runs again', activeRun({ run: 2 })],
    ['has no prize left', activeRun({ firstWindowStart: 0, lastWindowStart: 30_000, prizes: ['a'] })],
    ['is gone', undefined],
  ])('has its coupon back when the lottery %s', (_, current) => {
    expect(late(current)).toEqual(settled);
  });

  test('takes part in its new window with that window’s priority', () => {
    const moved = movedPartial(late(activeRun()), 40_000, seededRun());
    const expected = priority(windowSeed(seed, '1', 40_000), 'shard:4');
    expect(moved).toEqual({
      lotteryId: '1',
      run: 1,
      windowStart: 40_000,
      entries: 1,
      best: { entryId: 'shard:4', userId: '7', priority: expected },
    });
  });

  test('is told to its user, whichever it was', () => {
    expect(entryMovedEvent(late(activeRun()), 40_000)).toEqual({
      type: 'EntryMovedEvent',
      lotteryId: 1,
      userId: 7,
      entryId: 'shard:4',
      fromDrawId: '1@10000',
      drawId: '1@40000',
      windowStart: 40_000,
    });
    expect(couponRefundEvent(late(undefined))).toEqual({
      type: 'CouponRefundEvent',
      userId: '7',
      lotteryId: '1',
      drawId: '1@10000',
      entryId: 'shard:4',
    });
  });
});

describe('records of the entries stream', () => {
  test.each([
    partialRecord(partial(entry('5'))),
    partialRecord(partial(entry('5')), 99),
    { type: 'Ending', lotteryId: '1', run: 1, lastWindowStart: 0, since: 5 },
    { type: 'Tick', lotteryId: '1' },
  ])('%j comes back as it was put', (record) => {
    expect(entriesRecordSchema.parse(JSON.parse(JSON.stringify(record)))).toEqual(record);
  });

  test.each([
    { type: 'Click' },
    { type: 'Tick' },
    { type: 'Tick', lotteryId: '' },
    { type: 'Tick', lotteryId: 'x'.repeat(129) },
    { type: 'Tick', lotteryId: '\ud800' },
    { type: 'Ending', lotteryId: '', run: 1, lastWindowStart: 0 },
    { type: 'Ending', lotteryId: '1', run: 1, lastWindowStart: Number.MAX_SAFE_INTEGER },
    { type: 'Ending', lotteryId: '1', run: 1, lastWindowStart: 0, since: 1e308 },
    { ...partialRecord(partial(entry('5'))), lotteryId: '' },
    { ...partialRecord(partial(entry('5'))), windowStart: Number.MAX_SAFE_INTEGER },
    { ...partialRecord(partial(entry('5'))), windowStart: -1 },
    { ...partialRecord(partial(entry('5'))), run: 2 ** 53 },
    { ...partialRecord(partial(entry('5'))), entries: 2 ** 53 },
    { ...partialRecord(partial({ ...entry('5'), userId: '' })) },
    { ...partialRecord(partial({ ...entry('5'), entryId: '' })) },
    { ...partialRecord(partial({ ...entry('5'), entryId: 'x'.repeat(65_536) })) },
    { ...partialRecord(partial({ ...entry('5'), entryId: '__proto__' })) },
    { ...partialRecord(partial(entry('5'))), run: 0 },
    { ...partialRecord(partial({ ...entry('5'), priority: 'A'.repeat(64) })) },
    { ...partialRecord(partial({ ...entry('5'), priority: 'a' })) },
  ])('%j is none', (record) => {
    expect(entriesRecordSchema.safeParse(record).success).toBe(false);
  });

  test('the ticks queue takes ticks and endings, not partials', () => {
    expect(tickMessageSchema.safeParse({ at: 1, record: { type: 'Tick', lotteryId: '1' } }).success).toBe(
      true,
    );
    expect(tickMessageSchema.safeParse({ at: 1, record: partialRecord(partial(entry('5'))) }).success).toBe(
      false,
    );
  });

  test.each([-1, 0.5, 1e308, '1', null])('the ticks queue takes no tick of %j', (at) => {
    expect(tickMessageSchema.safeParse({ at, record: { type: 'Tick', lotteryId: '1' } }).success).toBe(false);
  });
});
