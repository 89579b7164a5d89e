import { beforeEach, describe, expect, it } from 'vitest';
import { Summary } from '../../../cli/start/summary.ts';

let summary: Summary;

beforeEach(() => {
  summary = new Summary();
});

function read(count: number): void {
  for (let line = 0; line < count; line += 1) summary.read();
}

function apply(count: number): void {
  for (let line = 1; line <= count; line += 1) {
    summary.outcome({ number: line }, { type: 'CouponsBoughtEvent', ...bought });
  }
}

const bought = { userId: 1, recordId: 's:1', purchasedCoupons: 1, availableCoupons: 1 };

function reject(reason: string): string | undefined {
  return summary.outcome(
    { number: 9 },
    { type: 'EventRejectedEvent', reason, recordId: 's:1', message: 'Why' },
  );
}

function draw(userId: number, windowStart: number): void {
  summary.observe({
    ...{ type: 'LotteryWinnerEvent', drawId: `1@${windowStart}`, lotteryId: 1, userId, windowStart },
    ...{ windowEnd: windowStart + 1, entries: 600, entryId: 's:1', windowSeed: 'ab', priority: 'ab' },
  });
}

function refund(entryId: string): void {
  summary.observe({
    ...{ type: 'CouponRefundedEvent', userId: 1, lotteryId: 1, entryId, drawId: '1@0' },
    ...{ availableCoupons: 1, recordId: 's:3' },
  });
}

describe('the status', () => {
  it('begins with nothing', () => {
    expect(summary.status).toBe('0 lines read, 0 processed, 0 draws');
  });

  it('counts lines, their outcomes of both kinds, and draws, each once', () => {
    read(1_234);
    apply(1_000);
    reject('NO_COUPON');
    draw(1, 0);
    draw(1, 0);
    expect(summary.status).toBe('1,234 lines read, 1,001 processed, 1 draw');
  });
});

describe('the text at the end', () => {
  it('counts lines, rejections by reason, draws and winners, each once, and says what to do next', () => {
    read(4);
    apply(1);
    expect([reject('NO_COUPON'), reject('NO_COUPON'), reject('INVALID_FIELD')]).toEqual(
      Array(3).fill(undefined),
    );
    draw(1, 0);
    draw(1, 0);
    draw(1, 1);
    for (const entryId of ['s:1', 's:1', 's:2']) refund(entryId);
    expect(summary.noEvents).toBe(0);
    expect(summary.text(true).split('\n')).toEqual([
      '4 lines: 1 applied, 3 rejected (2 NO_COUPON, 1 INVALID_FIELD)',
      '2 windows, 2 draws among 1,200 entries, won by 1 user; 2 refunds',
      expect.stringMatching(/^Next: npm run verify /),
    ]);
  });

  it.each(['INVALID_JSON', 'UNKNOWN_TYPE'])('names a line that was no event: %s', (reason) => {
    read(1);
    expect(reject(reason)).toBe('Line 9 is no event: Why');
    expect(summary.noEvents).toBe(1);
    expect(summary.text(true)).toContain('1 line held no event');
  });

  it('says that it is not finished, and how many lines are open', () => {
    read(5);
    apply(2);
    draw(1, 0);
    expect(summary.text(false).split('\n')).toEqual([
      'Not finished, so far:',
      '5 lines: 2 applied, 0 rejected, 3 without an outcome',
      '1 window, 1 draw among 600 entries, won by 1 user; 0 refunds',
    ]);
  });

  it('of no lines: there were none, or none was read yet', () => {
    expect(summary.text(true)).toBe('The input holds no events: nothing was put');
    expect(summary.text(false)).toBe('Not finished: no line was read');
  });
});
