import { describe, expect, it } from 'vitest';
import { describe as line, printable } from '../../../local/cli/describe.ts';
import type { OutputEvent } from '../../../local/cli/output-events.ts';
import { Summary } from '../../../local/cli/summary.ts';

function rejected(event?: Record<string, unknown>, reason = 'NO_COUPON'): OutputEvent {
  return {
    ...{ type: 'EventRejectedEvent', reason, message: 'Why', recordId: 's:1' },
    ...(event && { event }),
  };
}

describe('a line on the screen', () => {
  it.each([
    [{ userId: 7 }, 'rejected, user 7: Why (NO_COUPON)'],
    [{ userId: 'seven' }, 'rejected, user seven: Why (NO_COUPON)'],
    [{ userId: { name: 'x' } }, 'rejected: Why (NO_COUPON)'],
    [{ userId: 'x'.repeat(129) }, 'rejected: Why (NO_COUPON)'],
    [{ lotteryId: 1 }, 'rejected: Why (NO_COUPON)'],
    [undefined, 'rejected: Why (NO_COUPON)'],
  ])('names the user of a rejected event where it has one: %j', (event, expected) => {
    expect(line(rejected(event), 0)).toBe(expected);
  });

  it('spells out what would move the cursor or turn the writing around', () => {
    expect(printable('a\u001b[2Jb\r\n\u009b\u202ec')).toBe('a\\u001b[2Jb\\u000d\\u000a\\u009b\\u202ec');
    expect(printable('Zoë 🎉 "x"')).toBe('Zoë 🎉 "x"');
  });
});

describe('the summary of a replay', () => {
  const won = (drawId: string, userId: number): OutputEvent => ({
    ...{ type: 'LotteryWinnerEvent', drawId, lotteryId: 1, userId, windowStart: 0, windowEnd: 1 },
    ...{ entries: 1, entryId: 's:1', priority: '', windowSeed: '' },
  });

  it('counts lines, rejections by reason, draws and winners, each once', () => {
    const summary = new Summary();
    for (let number = 1; number <= 4; number += 1) summary.read();
    const bought = {
      type: 'CouponsBoughtEvent',
      userId: 1,
      purchasedCoupons: 1,
      availableCoupons: 1,
    } as const;
    expect(summary.outcome({ number: 1 }, { ...bought, recordId: 's:1' })).toBeUndefined();
    expect(summary.outcome({ number: 2 }, rejected())).toBeUndefined();
    expect(summary.outcome({ number: 3 }, rejected())).toBeUndefined();
    expect(summary.outcome({ number: 4 }, rejected(undefined, 'INVALID_FIELD'))).toBeUndefined();
    for (const event of [won('1@0', 1), won('1@0', 1), won('1@1', 1)]) summary.observe(event);
    expect(summary.noEvents).toBe(0);
    expect(summary.text().split('\n').slice(0, -1)).toEqual([
      '4 lines: 1 applied, 3 rejected (2 NO_COUPON, 1 INVALID_FIELD)',
      '2 draws, won by 1 user',
    ]);
  });

  it.each(['INVALID_JSON', 'UNKNOWN_TYPE'])('names a line that was no event: %s', (reason) => {
    const summary = new Summary();
    summary.read();
    expect(summary.outcome({ number: 7 }, rejected(undefined, reason))).toBe('Line 7 is no event: Why');
    expect(summary.noEvents).toBe(1);
    expect(summary.text()).toContain('1 line held no event');
  });

  it('says when there was nothing', () => {
    expect(new Summary().text()).toBe('The input holds no events: nothing was put');
  });
});
