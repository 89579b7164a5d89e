import { describe, expect, it } from 'vitest';
import { describe as line, printable, printableJson } from '../../../cli/start/describe.ts';
import type { OutputEvent } from '../../../client/output-events.ts';

function rejected(event?: Record<string, unknown>): OutputEvent {
  return {
    ...{ type: 'EventRejectedEvent', reason: 'NO_COUPON', message: 'Why', recordId: 's:1' },
    ...(event && { event }),
  };
}

const granted: Extract<OutputEvent, { type: 'CouponsGrantedEvent' }> = {
  ...{
    type: 'CouponsGrantedEvent',
    userId: 7,
    grantId: 'a',
    coupons: 5,
    availableCoupons: 9,
    recordId: 's:1',
  },
};

describe('a line on the screen', () => {
  it('says who was given coupons, by which grant and why', () => {
    expect(line({ ...granted, reason: 'for the wait' }, 0)).toBe(
      'user 7 was given 5 coupons by grant a (for the wait), has 9',
    );
    expect(line(granted, 0)).toBe('user 7 was given 5 coupons by grant a, has 9');
  });

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

  it.each([undefined, 2])('is the same to who parses it as JSON, indented by %s', (indent) => {
    const value = { 'a\u009b2J': ['\u202e\u007f\u{e0001}\r\n', 'Zoë 🎉', '\\u009b', '\u001b[2J'] };
    const text = printableJson(value, indent);
    expect(text).toMatch(/^[^\p{Cc}\p{Cf}\u2028\u2029]*(\n[^\p{Cc}\p{Cf}\u2028\u2029]*)*$/u);
    expect(text.includes('\n')).toBe(indent !== undefined);
    expect(JSON.parse(text)).toEqual(value);
  });
});
