import { beforeEach, describe, expect, it } from 'vitest';
import { Expectations } from '../../client/expectations.ts';
import type { OutputEvent } from '../../client/output-events.ts';
import { priority } from '../../lambda/core/fairness.ts';

const WINDOW_SEED = 'ab'.repeat(32);
const WINDOW_MS = 10_000;

/** Entry ids in the order of their priorities in a window with this seed: the first one wins. */
const [best = '', second = '', third = ''] = ['s:1', 's:2', 's:3'].toSorted((left, right) =>
  priority(WINDOW_SEED, left) < priority(WINDOW_SEED, right) ? -1 : 1,
);

let expectations: Expectations;

beforeEach(() => {
  expectations = new Expectations({ windowMs: WINDOW_MS, now: () => 1_000_000 });
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

describe('Expectations', () => {
  it('waits for the outcome of each record, also where the outcome was seen first', () => {
    expectations.expect('user', 's:7');
    expect(expectations.missing).toEqual(['the outcome of user event s:7']);
    const bought = { purchasedCoupons: 1, availableCoupons: 1 };
    expectations.observe('user', { type: 'CouponsBoughtEvent', userId: 1, recordId: 's:7', ...bought });
    expectations.observe('user', { type: 'CouponsBoughtEvent', userId: 1, recordId: 's:8', ...bought });
    expectations.expect('user', 's:8');
    expect(expectations.complete).toBe(true);
  });

  it('tells the records of the two streams apart', () => {
    expectations.expect('lottery', 's:7');
    expectations.observe('user', { type: 'EventRejectedEvent', reason: 'X', message: '', recordId: 's:7' });
    expect(expectations.outcomes.owed).toBe(1);
  });

  it('waits for the draw of each accepted click', () => {
    expectations.observe('user', accepted(best));
    expectations.observe('user', accepted(second));
    expect(expectations).toMatchObject({ complete: false, missing: ['the draw 1@0'] });
    expectations.observe('lottery', won(best));
    expect(expectations.complete).toBe(true);
  });

  it('knows a click that has lost even if its receipt comes after the winner', () => {
    expectations.observe('lottery', won(best));
    expectations.observe('user', accepted(second));
    expect(expectations.complete).toBe(true);
  });

  it('waits for the move of a click that would have won but came too late, and for its new draw', () => {
    expectations.observe('lottery', won(third));
    expectations.observe('user', accepted(best));
    expectations.observe('user', accepted(second));
    expect(expectations.missing).toEqual(['the draw 1@0']);
    expectations.observe('user', moved(best));
    expect(expectations.missing).toEqual(['the draw 1@10000']);
    expectations.observe('lottery', won(best, '1@10000'));
    expect(expectations.complete).toBe(true);
  });

  it.each([
    ['the receipt last', () => [won(third), moved(best), accepted(best), accepted(second)]],
    ['the winner last', () => [accepted(best), accepted(second), moved(best), won(third)]],
    ['the move first', () => [moved(best), accepted(second), won(third), accepted(best)]],
  ])('knows that an entry has lost to one that came too late with it, %s', (_, events) => {
    for (const event of events()) expectations.observe('user', event);
    expect(expectations.missing).toEqual(['the draw 1@10000']);
  });

  it('takes a refund for the end of an entry', () => {
    expectations.observe('lottery', won(third));
    expectations.observe('user', accepted(best));
    expectations.observe('user', {
      ...{ type: 'CouponRefundedEvent', userId: 1, lotteryId: 1, entryId: best, drawId: '1@0' },
      ...{ availableCoupons: 1, recordId: 's:9' },
    });
    expectations.observe('user', accepted(best));
    expect(expectations.complete).toBe(true);
  });

  it('names draws of the far future instead of waiting for them, and the end of their lottery', () => {
    expectations.observe('user', accepted(best, 2_000_000_000_000));
    expectations.observe('lottery', {
      type: 'LotteryStoppedEvent',
      lotteryId: 1,
      run: 1,
      lastWindowStart: 0,
      recordId: 's:1',
    });
    expect(expectations.complete).toBe(true);
    expect(expectations.later).toEqual(['the draw 1@2000000000000', 'the end of lottery 1, run 1']);
  });

  it('waits for the end of a lottery with prizes, or of one that was stopped', () => {
    const ended = (run: number): OutputEvent => ({ type: 'LotteryEndedEvent', lotteryId: 1, run, seed: '' });
    expectations.observe('lottery', {
      ...{ type: 'LotteryStartedEvent', lotteryId: 1, run: 1, seedCommitment: '', recordId: 's:1' },
      ...{ firstWindowStart: 0, prizes: ['car'] },
    });
    expect(expectations.missing).toEqual(['the end of lottery 1, run 1']);
    expectations.observe('lottery', ended(1));
    expectations.observe('lottery', {
      type: 'LotteryStoppedEvent',
      lotteryId: 1,
      run: 2,
      lastWindowStart: 0,
      recordId: 's:2',
    });
    expect(expectations.missing).toEqual(['the end of lottery 1, run 2']);
    expectations.observe('lottery', ended(2));
    expect(expectations.complete).toBe(true);
  });

  it('tells a lottery that is about to end from one that runs', () => {
    const started = (run: number): OutputEvent => ({
      ...{ type: 'LotteryStartedEvent', lotteryId: 1, run, seedCommitment: '', recordId: `s:${run}` },
      ...{ firstWindowStart: 0, prizes: ['car', 'bike'] },
    });
    expectations.observe('lottery', started(1));
    expectations.observe('user', accepted(best));
    expect(expectations.isEnding('1')).toBe(false);
    expectations.observe('user', accepted(second, WINDOW_MS));
    expect([expectations.isEnding('1'), expectations.isEnding('2')]).toEqual([true, false]);
    expectations.observe('lottery', { type: 'LotteryEndedEvent', lotteryId: 1, run: 1, seed: '' });
    expectations.observe('lottery', started(2));
    expect(expectations.isEnding('1')).toBe(false);
    const stopped = { lotteryId: 1, run: 2, lastWindowStart: 0, recordId: 's:9' };
    expectations.observe('lottery', { type: 'LotteryStoppedEvent', ...stopped });
    expect(expectations.isEnding('1')).toBe(true);
    expectations.observe('lottery', { type: 'LotteryEndedEvent', lotteryId: 1, run: 2, seed: '' });
    expect(expectations.isEnding('1')).toBe(false);
  });
});
