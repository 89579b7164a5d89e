import { beforeEach, describe, expect, it } from 'vitest';
import { Progress } from '../../client/expectations.ts';
import type { OutputEvent } from '../../client/output-events.ts';
import { priority } from '../../lambda/core/fairness.ts';

const WINDOW_SEED = 'ab'.repeat(32);
const WINDOW_MS = 10_000;

/** Entry ids in the order of their priorities in a window with this seed: the first one wins. */
const [best = '', second = '', third = ''] = ['s:1', 's:2', 's:3'].toSorted((left, right) =>
  priority(WINDOW_SEED, left) < priority(WINDOW_SEED, right) ? -1 : 1,
);

let progress: Progress;

beforeEach(() => {
  progress = new Progress({ windowMs: WINDOW_MS, now: () => 1_000_000 });
});

function accepted(entryId: string, windowStart = 0): OutputEvent {
  const drawId = `1@${windowStart}`;
  return {
    type: 'ClickAcceptedEvent',
    userId: 1,
    lotteryId: 1,
    entryId,
    drawId,
    windowStart,
    availableCoupons: 1,
  };
}

function won(entryId: string, drawId = '1@0'): OutputEvent {
  return {
    ...{ type: 'LotteryWinnerEvent', drawId, lotteryId: 1, userId: 1, windowStart: 0, windowEnd: WINDOW_MS },
    ...{ entries: 1, entryId, windowSeed: WINDOW_SEED, priority: priority(WINDOW_SEED, entryId) },
  };
}

function moved(entryId: string): OutputEvent {
  const draws = { fromDrawId: '1@0', drawId: '1@10000', windowStart: 10_000 };
  return { type: 'EntryMovedEvent', userId: 1, lotteryId: 1, entryId, ...draws };
}

describe('Progress', () => {
  it('waits for the outcome of each record, also where the outcome was seen first', () => {
    progress.expect('user', 's:7');
    expect(progress.missing).toEqual(['the outcome of user event s:7']);
    const bought = { purchasedCoupons: 1, availableCoupons: 1 };
    progress.observe('user', { type: 'CouponsBoughtEvent', userId: 1, recordId: 's:7', ...bought });
    progress.observe('user', { type: 'CouponsBoughtEvent', userId: 1, recordId: 's:8', ...bought });
    progress.expect('user', 's:8');
    expect(progress.complete).toBe(true);
  });

  it('tells the records of the two streams apart', () => {
    progress.expect('lottery', 's:7');
    progress.observe('user', { type: 'EventRejectedEvent', reason: 'X', message: '', recordId: 's:7' });
    expect(progress.outcomes.owed).toBe(1);
  });

  it('waits for the draw of each accepted click', () => {
    progress.observe('user', accepted(best));
    progress.observe('user', accepted(second));
    expect(progress).toMatchObject({ complete: false, missing: ['the draw 1@0'] });
    progress.observe('lottery', won(best));
    expect(progress.complete).toBe(true);
  });

  it('knows a click that has lost even if its receipt comes after the winner', () => {
    progress.observe('lottery', won(best));
    progress.observe('user', accepted(second));
    expect(progress.complete).toBe(true);
  });

  it('waits for the move of a click that would have won but came too late, and for its new draw', () => {
    progress.observe('lottery', won(third));
    progress.observe('user', accepted(best));
    progress.observe('user', accepted(second));
    expect(progress.missing).toEqual(['the draw 1@0']);
    progress.observe('user', moved(best));
    expect(progress.missing).toEqual(['the draw 1@10000']);
    progress.observe('lottery', won(best, '1@10000'));
    expect(progress.complete).toBe(true);
  });

  it.each([
    ['the receipt last', () => [won(third), moved(best), accepted(best), accepted(second)]],
    ['the winner last', () => [accepted(best), accepted(second), moved(best), won(third)]],
    ['the move first', () => [moved(best), accepted(second), won(third), accepted(best)]],
  ])('knows that an entry has lost to one that came too late with it, %s', (_, events) => {
    for (const event of events()) progress.observe('user', event);
    expect(progress.missing).toEqual(['the draw 1@10000']);
  });

  it('takes a refund for the end of an entry', () => {
    progress.observe('lottery', won(third));
    progress.observe('user', accepted(best));
    progress.observe('user', {
      ...{ type: 'CouponRefundedEvent', userId: 1, lotteryId: 1, entryId: best, drawId: '1@0' },
      ...{ availableCoupons: 1, recordId: 's:9' },
    });
    progress.observe('user', accepted(best));
    expect(progress.complete).toBe(true);
  });

  it('names draws of the far future instead of waiting for them, and the end of their lottery', () => {
    progress.observe('user', accepted(best, 2_000_000_000_000));
    progress.observe('lottery', {
      type: 'LotteryStoppedEvent',
      lotteryId: 1,
      run: 1,
      lastWindowStart: 0,
      recordId: 's:1',
    });
    expect(progress.complete).toBe(true);
    expect(progress.later).toEqual(['the draw 1@2000000000000', 'the end of lottery 1, run 1']);
  });

  it('waits for the end of a lottery with prizes, or of one that was stopped', () => {
    const ended = (run: number): OutputEvent => ({ type: 'LotteryEndedEvent', lotteryId: 1, run, seed: '' });
    progress.observe('lottery', {
      ...{ type: 'LotteryStartedEvent', lotteryId: 1, run: 1, seedCommitment: '', recordId: 's:1' },
      ...{ firstWindowStart: 0, prizes: ['car'] },
    });
    expect(progress.missing).toEqual(['the end of lottery 1, run 1']);
    progress.observe('lottery', ended(1));
    progress.observe('lottery', {
      type: 'LotteryStoppedEvent',
      lotteryId: 1,
      run: 2,
      lastWindowStart: 0,
      recordId: 's:2',
    });
    expect(progress.missing).toEqual(['the end of lottery 1, run 2']);
    progress.observe('lottery', ended(2));
    expect(progress.complete).toBe(true);
  });

  it('tells a lottery that is about to end from one that runs', () => {
    const started = (run: number): OutputEvent => ({
      ...{ type: 'LotteryStartedEvent', lotteryId: 1, run, seedCommitment: '', recordId: `s:${run}` },
      ...{ firstWindowStart: 0, prizes: ['car', 'bike'] },
    });
    progress.observe('lottery', started(1));
    progress.observe('user', accepted(best));
    expect(progress.isEnding('1')).toBe(false);
    progress.observe('user', accepted(second, WINDOW_MS));
    expect([progress.isEnding('1'), progress.isEnding('2')]).toEqual([true, false]);
    progress.observe('lottery', { type: 'LotteryEndedEvent', lotteryId: 1, run: 1, seed: '' });
    progress.observe('lottery', started(2));
    expect(progress.isEnding('1')).toBe(false);
    const stopped = { lotteryId: 1, run: 2, lastWindowStart: 0, recordId: 's:9' };
    progress.observe('lottery', { type: 'LotteryStoppedEvent', ...stopped });
    expect(progress.isEnding('1')).toBe(true);
    progress.observe('lottery', { type: 'LotteryEndedEvent', lotteryId: 1, run: 2, seed: '' });
    expect(progress.isEnding('1')).toBe(false);
  });
});
