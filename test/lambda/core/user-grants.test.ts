import { describe, expect, test } from 'vitest';
import { decideBatch } from '../../../lambda/core/decider.ts';
import type { UserEvent } from '../../../lambda/core/events.ts';
import { maximumCoupons, newUser, type UserState, userDecider } from '../../../lambda/core/user.ts';
import { userOutput } from '../../../lambda/core/user-outputs.ts';
import { buy, click, grantOf, outputContext, userContext } from '../../support/events.ts';
import { sourced } from '../../support/records.ts';

const unknown = { kind: 'rejected', reason: 'GRANT_UNKNOWN' };
const duplicate = { kind: 'rejected', reason: 'DUPLICATE_EVENT' };
const tooMany = { kind: 'rejected', reason: 'COUPON_LIMIT_EXCEEDED' };
const granted = (availableCoupons: number) => ({ kind: 'granted', availableCoupons, coupons: 5 });

const given = { userId: '1', coupons: 5, reason: 'for the wait', isTaken: false };

/** The table of grants holds one, `a`, of 5 coupons for user 1. */
function decide(events: readonly UserEvent[], state: UserState = newUser, isTaken = false, first = 1) {
  const context = userContext({ grant: (id) => (id === 'a' ? { ...given, isTaken } : undefined) });
  const batch = events.map((event, index) => sourced(first + index, event));
  return decideBatch(userDecider, state, batch, context);
}

describe('a grant', () => {
  test('gives its coupons, which can be spent', () => {
    const { outcomes, state } = decide([grantOf('a'), click(0)]);
    expect(outcomes).toEqual([granted(5), { kind: 'accepted', availableCoupons: 4, run: 1 }]);
    expect(state.coupons).toBe(4);
  });

  test('comes once in a batch, as the user knows; and once for all, as the table says', () => {
    const { outcomes, state } = decide([grantOf('a'), grantOf('a')]);
    expect(outcomes).toEqual([granted(5), duplicate]);
    expect(state.grants).toEqual(['a']);
    const again = decide([grantOf('a')], state, true, 9);
    expect([again.outcomes, again.state.coupons, again.state.grants]).toEqual([[duplicate], 5, []]);
  });

  test('that comes again has its outcome, whatever the table says by then', () => {
    const { state } = decide([grantOf('a')]);
    const again = decide([grantOf('a')], state, true);
    expect([again.outcomes, again.state]).toEqual([[granted(5)], state]);
  });

  test.each([
    ['that nobody made', grantOf('b')],
    ["of another user's", grantOf('a', '2')],
  ])('%s is refused', (_, event) => {
    const { outcomes, state } = decide([event]);
    expect([outcomes, state.coupons, state.grants]).toEqual([[unknown], 0, []]);
  });

  test('for which there is no room is refused, and given later', () => {
    const full = { ...newUser, coupons: maximumCoupons - 4 };
    const { outcomes, state } = decide([grantOf('a'), click(0), grantOf('a')], full);
    const accepted = { kind: 'accepted', availableCoupons: maximumCoupons - 5, run: 1 };
    expect(outcomes).toEqual([tooMany, accepted, granted(maximumCoupons)]);
    expect(state.grants).toEqual(['a']);
  });
});

describe('what is told of a grant', () => {
  const context = { ...outputContext(), grantOf: () => given };
  const outcome = { kind: 'granted', availableCoupons: 9, coupons: 5 } as const;

  test('has its reason, as the table has it', () => {
    expect(userOutput(sourced(1, grantOf('a')), outcome, context)).toEqual({
      ...{ type: 'CouponsGrantedEvent', userId: 1, grantId: 'a', coupons: 5, reason: 'for the wait' },
      ...{ availableCoupons: 9, recordId: expect.any(String) },
    });
  });

  test('has none where its item was taken away since', () => {
    const output = userOutput(sourced(1, grantOf('a')), outcome, outputContext());
    expect(output).not.toHaveProperty('reason');
    expect(output).toMatchObject({ coupons: 5, availableCoupons: 9 });
  });

  test.each([
    ['GRANT_UNKNOWN', undefined, 'No such grant was made, userId: 1, grantId: a'],
    ['DUPLICATE_EVENT', 'grantId', 'Event was applied before, grantId: a'],
    [
      'COUPON_LIMIT_EXCEEDED',
      'grantId',
      `Cannot hold more than ${maximumCoupons} coupons, grantId: a, userId: 1`,
    ],
  ] as const)('%s names the field %s', (reason, field, message) => {
    const output = userOutput(sourced(1, grantOf('a')), { kind: 'rejected', reason }, context);
    expect(output).toMatchObject({ type: 'EventRejectedEvent', reason, message });
    expect('field' in output ? output.field : undefined).toBe(field);
  });

  test('and of a purchase for which there is no room, its own field', () => {
    const rejected = { kind: 'rejected', reason: 'COUPON_LIMIT_EXCEEDED' } as const;
    expect(userOutput(sourced(1, buy(7)), rejected, context)).toMatchObject({ field: 'purchasedCoupons' });
  });
});
