import { describe, expect, test } from 'vitest';
import { decideBatch } from '../../../lambda/core/decider.ts';
import type { UserEvent } from '../../../lambda/core/events.ts';
import type { GrantedRefund, UserContext, UserState } from '../../../lambda/core/user.ts';
import { newUser, userDecider } from '../../../lambda/core/user.ts';
import { userOutput } from '../../../lambda/core/user-outputs.ts';
import { click, outputContext, refundOf, retentionMs, userContext } from '../../support/events.ts';
import { sourced } from '../../support/records.ts';

const grantedAt = 1_700_000_000_000;
const granted: GrantedRefund = { userId: '1', lotteryId: '1', grantedAt };
const entryId = 'shardId-000000000000:123';
const unknown = { kind: 'rejected', reason: 'REFUND_UNKNOWN' };
const duplicate = { kind: 'rejected', reason: 'DUPLICATE_EVENT' };
const refunded = (availableCoupons: number) => ({ kind: 'refunded', availableCoupons });

/** The draws table holds one refund: of `entryId`, missed draw 1@0. */
const context = (now = grantedAt): Partial<UserContext> => ({
  now,
  refund: (drawId, entry) => (drawId === '1@0' && entry === entryId ? granted : undefined),
});

function decide(events: readonly UserEvent[], state: UserState = newUser, now = grantedAt, first = 1) {
  const batch = events.map((event, index) => sourced(first + index, event, { arrival: now }));
  return decideBatch(userDecider, state, batch, userContext(context(now)));
}

describe('a refund', () => {
  test('gives one coupon back, which can be spent', () => {
    const { outcomes, state } = decide([refundOf(entryId), click(grantedAt)]);
    expect(outcomes).toEqual([refunded(1), { kind: 'accepted', availableCoupons: 0, run: 1 }]);
    expect(state.coupons).toBe(0);
  });

  test('comes once, in one batch and in another', () => {
    const { outcomes, state } = decide([refundOf(entryId), refundOf(entryId)]);
    expect(outcomes).toEqual([refunded(1), duplicate]);
    const again = decide([refundOf(entryId)], state, grantedAt, 9);
    expect(again.outcomes).toEqual([duplicate]);
    expect(again.state.coupons).toBe(1);
  });

  test.each([
    ['that was never granted', refundOf('shardId-000000000000:124')],
    ["of another draw's", refundOf(entryId, '1', '1@10000')],
    ["of another user's entry", refundOf(entryId, '2')],
    ['under another lottery', refundOf(entryId, '1', '1@0', '2')],
  ])('%s is refused', (_, event) => {
    const { outcomes, state } = decide([event]);
    expect(outcomes).toEqual([unknown]);
    expect(state.coupons).toBe(0);
  });

  test('is honoured for two retentions, then refused', () => {
    const last = grantedAt + 2 * retentionMs;
    expect(decide([refundOf(entryId)], newUser, last).outcomes).toEqual([refunded(1)]);
    expect(decide([refundOf(entryId)], newUser, last + 1).outcomes).toEqual([unknown]);
  });

  test('is remembered longer than it is honoured, then forgotten', () => {
    const { state } = decide([refundOf(entryId)]);
    const last = grantedAt + 3 * retentionMs;
    const kept = decide([click(0)], state, last, 9).state;
    expect(Object.values(kept.refunds)).toEqual([grantedAt]);
    expect(decide([click(0)], state, last + 1, 9).state.refunds).toEqual({ forgotten: grantedAt });
  });

  test('that was forgotten is not honoured again where the retention was raised meanwhile', () => {
    const { state } = decide([refundOf(entryId)]);
    const later = grantedAt + 3 * retentionMs + 1;
    const { state: forgetful } = decide([click(0)], state, later, 9);
    const events = [sourced(10, refundOf(entryId), { arrival: later })];
    const raised = userContext({ ...context(later), retentionMs: 7 * retentionMs });
    expect(decideBatch(userDecider, forgetful, events, raised).outcomes).toEqual([unknown]);
    const [kept] = Object.values(decide([click(0)], forgetful, later + retentionMs, 11).state.refunds);
    expect(kept).toBe(grantedAt);
  });

  test('is told with the draw and the entry', () => {
    const event = refundOf(entryId);
    const output = userOutput(sourced(1, event), { kind: 'refunded', availableCoupons: 4 }, outputContext());
    expect(output).toMatchObject({
      type: 'CouponRefundedEvent',
      userId: 1,
      lotteryId: 1,
      entryId,
      drawId: '1@0',
      availableCoupons: 4,
    });
  });
});

describe('an outcome and an event that do not fit', () => {
  test('are a defect that shows', () => {
    expect(() =>
      userOutput(sourced(1, click(0)), { kind: 'bought', availableCoupons: 4 }, outputContext()),
    ).toThrow('Stored outcome is of a UserBuyCouponEvent, the event is a UserClickEvent');
  });
});
