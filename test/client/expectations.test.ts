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
    ...{ timestamp: windowStart, arrival: windowStart },
    ...{ windowStart, windowEnd: windowStart + WINDOW_MS, availableCoupons: 1 },
  };
}

function won(entryId: string, entries: number, drawId = '1@0'): OutputEvent {
  return {
    ...{ type: 'LotteryWinnerEvent', drawId, lotteryId: 1, userId: 1, windowStart: 0, windowEnd: WINDOW_MS },
    ...{ entries, entryId, windowSeed: WINDOW_SEED, priority: priority(WINDOW_SEED, entryId) },
  };
}

function refunded(entryId: string): OutputEvent {
  return {
    ...{ type: 'CouponRefundedEvent', userId: 1, lotteryId: 1, entryId, drawId: '1@0' },
    ...{ availableCoupons: 1, recordId: `refund of ${entryId}` },
  };
}

function started(run: number, prizes?: string[]): OutputEvent {
  return {
    ...{ type: 'LotteryStartedEvent', lotteryId: 1, run, seedCommitment: '', recordId: `s:${run}` },
    ...{ windowMs: WINDOW_MS, graceMs: 2_000, firstWindowStart: 0, ...(prizes && { prizes }) },
  };
}

function stopped(run: number, lastWindowStart = 0): OutputEvent {
  return { type: 'LotteryStoppedEvent', lotteryId: 1, run, lastWindowStart, recordId: `stop of ${run}` };
}

const ended = (run: number): OutputEvent => ({ type: 'LotteryEndedEvent', lotteryId: 1, run, seed: '' });

describe('Expectations', () => {
  it('waits for the outcome of each record, also where the outcome was seen first', () => {
    expectations.expect('user', 's:7');
    expect(expectations.missing).toEqual(['the outcome of user event s:7']);
    const bought = { purchasedCoupons: 1, availableCoupons: 1 };
    expectations.observe('user', { type: 'CouponsBoughtEvent', userId: 1, recordId: 's:7', ...bought });
    expectations.observe('user', { type: 'CouponsBoughtEvent', userId: 1, recordId: 's:8', ...bought });
    expectations.expect('user', 's:8');
    expectations.expect('user', 's:9');
    expect(expectations.missing).toEqual(['the outcome of user event s:9']);
    const granted = { grantId: 'a', coupons: 1, reason: 'for the wait', availableCoupons: 2 };
    expectations.observe('user', { type: 'CouponsGrantedEvent', userId: 1, recordId: 's:9', ...granted });
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
    expectations.observe('lottery', won(best, 2));
    expect(expectations.complete).toBe(true);
  });

  it('knows a click that has lost even if its receipt comes after the winner', () => {
    expectations.observe('lottery', won(best, 2));
    expectations.observe('user', accepted(second));
    expectations.observe('user', accepted(best));
    expect(expectations.complete).toBe(true);
  });

  it('waits for the refund of an entry that the draw does not have: it would have won, or is one too many', () => {
    expectations.observe('user', accepted(second));
    expectations.observe('user', accepted(third));
    expectations.observe('lottery', won(second, 1));
    expectations.observe('user', accepted(best));
    expect(expectations.missing).toEqual(['the draw 1@0']);
    expectations.observe('user', refunded(best));
    expect(expectations.missing).toEqual(['the draw 1@0']);
    expectations.observe('user', refunded(third));
    expect(expectations.complete).toBe(true);
  });

  it.each([
    ['the receipt last', () => [won(third, 1), refunded(best), accepted(third), accepted(best)]],
    ['the winner last', () => [accepted(best), accepted(third), refunded(best), won(third, 1)]],
    ['the refund first', () => [refunded(best), accepted(third), won(third, 1), accepted(best)]],
  ])('takes a refund for the end of an entry, %s, and whatever comes twice', (_, events) => {
    for (const event of [...events(), ...events()]) expectations.observe('user', event);
    expect(expectations.complete).toBe(true);
  });

  it('waits for the refunds of all where there is no draw', () => {
    for (const event of [accepted(best), accepted(second), refunded(best)])
      expectations.observe('user', event);
    expect(expectations.missing).toEqual(['the draw 1@0']);
    expectations.observe('user', refunded(second));
    expect(expectations.complete).toBe(true);
  });

  it('names draws of the far future instead of waiting for them, and the end of their lottery', () => {
    expectations.observe('user', accepted(best, 2_000_000_000_000));
    expectations.observe('lottery', started(1));
    expectations.observe('lottery', stopped(1));
    expect(expectations.complete).toBe(true);
    expect(expectations.later).toEqual(['the draw 1@2000000000000', 'the end of lottery 1, run 1']);
  });

  it('waits for draws of the far future where time is that of the events, and says when they are complete', () => {
    const options = { windowMs: WINDOW_MS, now: () => 1_000_000 };
    const replayed = new Expectations({ ...options, isReplay: true });
    expect(replayed.completeAt).toBe(0);
    replayed.observe('lottery', started(1));
    replayed.observe('user', accepted(best, 2_000_000_000_000));
    expect(replayed).toMatchObject({ complete: false, later: [], completeAt: 2_000_000_012_001 });
    replayed.observe('lottery', stopped(1, 3_000_000_000_000));
    expect(replayed.completeAt).toBe(3_000_000_012_001);
  });

  it('waits for the end of a lottery with prizes, or of one that was stopped', () => {
    expectations.observe('lottery', started(1, ['car']));
    expect(expectations.missing).toEqual(['the end of lottery 1, run 1']);
    expectations.observe('lottery', ended(1));
    expectations.observe('lottery', started(2));
    expect(expectations.complete).toBe(true);
    expectations.observe('lottery', stopped(2));
    expect(expectations.missing).toEqual(['the end of lottery 1, run 2']);
    expectations.observe('lottery', ended(2));
    expectations.observe('lottery', stopped(2));
    expect(expectations.complete).toBe(true);
  });

  it('says when a lottery ends, as far as it will', () => {
    expect(expectations.endOf('1')).toBeUndefined();
    expectations.observe('lottery', started(1, ['car', 'bike']));
    expect([expectations.endOf('1'), expectations.endOf('2')]).toEqual([22_000, undefined]);
    expectations.observe('lottery', stopped(1));
    // What comes twice changes nothing.
    expectations.observe('lottery', started(1, ['car', 'bike']));
    expect(expectations.endOf('1')).toBe(12_000);
    expectations.observe('lottery', ended(1));
    expectations.observe('lottery', started(2));
    expect(expectations.endOf('1')).toBeUndefined();
  });
});
