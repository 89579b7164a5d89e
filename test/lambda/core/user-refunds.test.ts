import { describe, expect, test } from 'vitest';
import { decideBatch } from '../../../lambda/core/decider.ts';
import type { UserEvent } from '../../../lambda/core/events.ts';
import type { UserContext, UserState } from '../../../lambda/core/user.ts';
import { newUser, userDecider } from '../../../lambda/core/user.ts';
import { userOutput } from '../../../lambda/core/user-outputs.ts';
import { itemSize } from '../../contract/support/dynamo-item-size.ts';
import { click, outputContext, refundOf, userContext } from '../../support/events.ts';
import { sourced } from '../../support/records.ts';

const entryId = 'shardId-000000000000:123';
const unknown = { kind: 'rejected', reason: 'REFUND_UNKNOWN' };
const duplicate = { kind: 'rejected', reason: 'DUPLICATE_EVENT' };
const refunded = (availableCoupons: number) => ({ kind: 'refunded', availableCoupons });

/** The table of refunds holds one: of `entryId`, which missed draw 1@0. */
const holding = (isTaken: boolean): UserContext =>
  userContext({
    refund: (key) =>
      key.drawId === '1@0' && key.entryId === entryId ? { userId: '1', lotteryId: '1', isTaken } : undefined,
  });

function decide(events: readonly UserEvent[], state: UserState = newUser, isTaken = false, first = 1) {
  const batch = events.map((event, index) => sourced(first + index, event));
  return decideBatch(userDecider, state, batch, holding(isTaken));
}

describe('a refund', () => {
  test('gives one coupon back, which can be spent', () => {
    const { outcomes, state } = decide([refundOf(entryId), click(0)]);
    expect(outcomes).toEqual([refunded(1), { kind: 'accepted', availableCoupons: 0, run: 1 }]);
    expect(state.coupons).toBe(0);
  });

  test('comes once in a batch, as the user knows; and once for all, as the table says', () => {
    const { outcomes, state } = decide([refundOf(entryId), refundOf(entryId)]);
    expect(outcomes).toEqual([refunded(1), duplicate]);
    const again = decide([refundOf(entryId)], state, true, 9);
    expect(again.outcomes).toEqual([duplicate]);
    expect(again.state.coupons).toBe(1);
  });

  test('is known to the user until the next write, whatever that one is of', () => {
    const { state } = decide([refundOf(entryId)]);
    expect(state.refunds).toEqual([`1@0/${entryId}`]);
    // Delivered again it changes nothing.
    expect(decide([refundOf(entryId)], state, true).state).toBe(state);
    expect(decide([click(0)], state, true, 9).state.refunds).toEqual([]);
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

describe('a user with refunds', () => {
  const sizeOf = (state: UserState) => itemSize({ userId: '1', ...state });
  const granted = userContext({ refund: () => ({ userId: '1', lotteryId: '1', isTaken: false }) });
  /** As long as they come: 200 bytes and more in the item. */
  const refundsOf = (count: number, shard?: string) =>
    Array.from({ length: count }, (_, n) =>
      sourced(n + 1, refundOf(`${'s'.repeat(64)}:${String(n).padStart(60, '0')}`, '1', `1@${10_000 * n}`), {
        ...(shard !== undefined && { shard }),
      }),
    );

  test('takes so many of a batch that its item has room for them, and the rest when it comes again', () => {
    let left = refundsOf(1_000);
    let state = newUser;
    for (let rounds = 0; left.length > 0; rounds += 1) {
      const decision = decideBatch(userDecider, state, left, granted);
      expect(decision.applied).toBeGreaterThan(rounds < 5 ? 30 : 0);
      state = decision.state;
      expect(sizeOf(state)).toBeLessThan(16_384);
      left = left.slice(decision.outcomes.length);
    }
    expect(state.coupons).toBe(1_000);
  });

  test('goes on with one at least where a thousand shards have left no room', () => {
    let state = newUser;
    for (let n = 1; n <= 1_000; n += 1) {
      const batch = refundsOf(n === 1 ? 2_000 : 2, `shardId-${String(n).padStart(12, '0')}`);
      const decision = decideBatch(userDecider, state, batch, granted);
      expect(decision.applied).toBeGreaterThan(0);
      state = decision.state;
    }
    expect(sizeOf(state)).toBeLessThan(400 * 1024);
    const more = decideBatch(userDecider, state, refundsOf(2_000, 'shardId-999999999999'), granted);
    expect(more.applied).toBeGreaterThan(0);
    expect(sizeOf(more.state)).toBeLessThan(400 * 1024);
  });
});

describe('an outcome and an event that do not fit', () => {
  test('are a defect that shows', () => {
    expect(() =>
      userOutput(sourced(1, click(0)), { kind: 'bought', availableCoupons: 4 }, outputContext()),
    ).toThrow('Stored outcome is of a UserBuyCouponEvent, the event is a UserClickEvent');
  });
});
