import { describe, expect, test } from 'vitest';
import { decideBatch } from '../../../lambda/core/decider.ts';
import type { UserEvent } from '../../../lambda/core/events.ts';
import type { RejectionReason } from '../../../lambda/core/reasons.ts';
import { rejectionReasons } from '../../../lambda/core/reasons.ts';
import type { UserContext, UserState } from '../../../lambda/core/user.ts';
import { maximumCoupons, newUser, recentIdLimit, userDecider } from '../../../lambda/core/user.ts';
import { userOutput } from '../../../lambda/core/user-outputs.ts';
import { latestTime } from '../../../lambda/core/window.ts';
import {
  activeRun,
  anyReceipt,
  buy,
  click,
  outputContext,
  refundOf,
  userContext,
  windowMs,
} from '../../support/events.ts';
import type { RecordOptions } from '../../support/records.ts';
import { sequenceNumber, shardId, sourced } from '../../support/records.ts';

interface Delivery {
  readonly state?: UserState;
  readonly context?: Partial<UserContext>;
  readonly first?: number;
  readonly options?: RecordOptions;
}

function decide(
  events: readonly UserEvent[],
  { state = newUser, context = {}, first = 1, options = {} }: Delivery = {},
) {
  const batch = events.map((event, index) => sourced(first + index, event, options));
  return decideBatch(userDecider, state, batch, userContext(context));
}

const rejected = (reason: RejectionReason) => ({ kind: 'rejected', reason });
const withCoupons = (coupons: number): UserState => ({ ...newUser, coupons });

describe('buying and clicking', () => {
  test('each click takes one coupon, and the last one is the last', () => {
    const { outcomes, state } = decide([buy(2), click(1000), click(2000), click(3000)]);
    expect(outcomes).toEqual([
      { kind: 'bought', availableCoupons: 2 },
      { kind: 'accepted', availableCoupons: 1, run: 1 },
      { kind: 'accepted', availableCoupons: 0, run: 1 },
      rejected('NO_COUPON'),
    ]);
    expect(state.coupons).toBe(0);
  });

  test('events count in their order: a click before the purchase has no coupon', () => {
    expect(decide([click(1000), buy(1)]).outcomes[0]).toEqual(rejected('NO_COUPON'));
  });

  test.each([0, -1, -1_000_000])('%d coupons cannot be bought', (amount) => {
    const { outcomes, state } = decide([buy(amount)], { state: withCoupons(5) });
    expect(outcomes).toEqual([rejected('INVALID_COUPON_AMOUNT')]);
    expect(state.coupons).toBe(5);
  });

  test('a balance stays a number that JavaScript can count with', () => {
    const { outcomes, state } = decide([buy(maximumCoupons), buy(1), click(1), buy(1)]);
    expect(outcomes.map((outcome) => outcome?.kind)).toEqual(['bought', 'rejected', 'accepted', 'bought']);
    expect(outcomes[1]).toEqual(rejected('COUPON_LIMIT_EXCEEDED'));
    expect(state.coupons).toBe(maximumCoupons);
  });

  test('the run of the lottery rides on an accepted click', () => {
    const context = { lottery: () => activeRun({ run: 3 }) };
    expect(decide([click(0)], { state: withCoupons(1), context }).outcomes).toEqual([
      { kind: 'accepted', availableCoupons: 0, run: 3 },
    ]);
  });
});

describe('which lotteries take clicks', () => {
  test.each([
    ['an unknown one', undefined],
    ['a stopped one whose last window is over', activeRun({ status: 'stopped', lastWindowStart: -10_000 })],
    ['an ended one', activeRun({ status: 'ended' })],
    ['before the first prize', activeRun({ firstWindowStart: 10_000, lastWindowStart: 20_000 })],
    ['after the last prize', activeRun({ firstWindowStart: -20_000, lastWindowStart: -10_000 })],
  ])('%s does not, and the coupon stays', (_, run) => {
    const { outcomes, state } = decide([click(9_999)], {
      state: withCoupons(1),
      context: { lottery: () => run },
    });
    expect(outcomes).toEqual([rejected('LOTTERY_INACTIVE')]);
    expect(state.coupons).toBe(1);
  });

  test('with prizes it does in the windows of the first to the last, to the millisecond', () => {
    const run = activeRun({ firstWindowStart: 10_000, lastWindowStart: 20_000 });
    const kinds = [9_999, 10_000, 29_999, 30_000].map((timestamp) => {
      const delivery = { state: withCoupons(1), context: { lottery: () => run } };
      return decide([click(timestamp)], { ...delivery, options: { arrival: timestamp } }).outcomes[0]?.kind;
    });
    expect(kinds).toEqual(['rejected', 'accepted', 'accepted', 'rejected']);
  });

  test('a stopped one does in the windows up to its last', () => {
    const run = activeRun({ status: 'stopped', lastWindowStart: 0 });
    const { outcomes } = decide([click(9_999)], { state: withCoupons(1), context: { lottery: () => run } });
    expect(outcomes).toMatchObject([{ kind: 'accepted' }]);
  });

  test('one that is dated before the start is rejected, though it comes after it', () => {
    const run = activeRun({ firstWindowStart: 10_000 });
    const delivery = { state: withCoupons(1), context: { lottery: () => run }, options: { arrival: 15_000 } };
    expect(decide([click(9_999)], delivery).outcomes).toEqual([rejected('LOTTERY_INACTIVE')]);
  });

  test('one that is dated ahead of a stop competes in the window of its arrival: no prize is its alone', () => {
    const run = activeRun({ firstWindowStart: 0, lastWindowStart: 90_000, prizes: Array(10).fill('bike') });
    const delivery = { state: withCoupons(1), context: { lottery: () => run }, options: { arrival: 15_000 } };
    expect(decide([click(95_000)], delivery).outcomes).toMatchObject([{ windowStart: 10_000 }]);
  });

  test('an inactive lottery is the reason before a lacking coupon', () => {
    expect(decide([click(0, '1', '2')]).outcomes).toEqual([rejected('LOTTERY_INACTIVE')]);
  });
});

describe('clock tolerance', () => {
  const arrival = 1_700_000_000_000;
  const kinds = (timestamps: readonly number[], context: Partial<UserContext>) =>
    decide(
      timestamps.map((timestamp) => click(timestamp)),
      { state: withCoupons(9), context, options: { arrival } },
    ).outcomes;

  test('a click may be as far from its arrival as the tolerance, not further', () => {
    const [early, earliest, latest, late] = kinds(
      [-60_001, -60_000, 60_000, 60_001].map((ms) => arrival + ms),
      { toleranceMs: 60_000 },
    );
    expect([early, late]).toEqual([rejected('TIMESTAMP_OUT_OF_RANGE'), rejected('TIMESTAMP_OUT_OF_RANGE')]);
    expect([earliest?.kind, latest?.kind]).toEqual(['accepted', 'accepted']);
  });

  test('switched off, any time will do: 1970 and 2035', () => {
    const outcomes = kinds([0, 2_051_222_400_000], { clockAt: () => 0 });
    expect(outcomes.map((outcome) => outcome?.kind)).toEqual(['accepted', 'accepted']);
  });

  test('comes before the lottery as a reason, and a lacking coupon after both', () => {
    const orders = [
      decide([click(0)], { context: { toleranceMs: 1, lottery: () => undefined }, options: { arrival } }),
      decide([click(0)], { context: { lottery: () => undefined }, options: { arrival } }),
      decide([click(0)], { options: { arrival } }),
    ];
    expect(orders.map(({ outcomes }) => outcomes[0])).toEqual(
      (['TIMESTAMP_OUT_OF_RANGE', 'LOTTERY_INACTIVE', 'NO_COUPON'] as const).map(rejected),
    );
  });
});

describe('the window of a click', () => {
  const delivery = { state: withCoupons(9), options: { arrival: 12_001 } };

  test('is kept where it is not that of its timestamp', () => {
    const { outcomes } = decide([click(9_999), click(12_000)], delivery);
    expect(outcomes).toEqual([
      { kind: 'accepted', availableCoupons: 8, run: 1, windowStart: 10_000 },
      { kind: 'accepted', availableCoupons: 7, run: 1 },
    ]);
  });

  test('goes by the clock of its place in the shard, where old events are replayed', () => {
    const context = { clockAt: ({ arrival }: { arrival: number }) => arrival * 100 };
    const starts = [120, 121].map((arrival) => {
      const { outcomes } = decide([click(5_000)], { ...delivery, context, options: { arrival } });
      return outcomes[0] && 'windowStart' in outcomes[0] ? outcomes[0].windowStart : 0;
    });
    expect(starts).toEqual([0, 10_000]);
  });

  test('is none where the clock of a replay was set behind all time: no draw of it could be complete', () => {
    const clicked = (clock: number) => {
      const context = { lottery: () => activeRun(), clockAt: () => clock };
      return decide([click(1_000)], { state: withCoupons(1), context }).outcomes;
    };
    expect(clicked(latestTime)).toMatchObject([
      { kind: 'accepted', windowStart: latestTime - (latestTime % windowMs) },
    ]);
    for (const clock of [latestTime + windowMs, 2 * latestTime])
      expect(clicked(clock)).toEqual([rejected('LOTTERY_INACTIVE')]);
  });

  test('stays what it was when the event comes again under other settings and in another run', () => {
    const first = decide([click(9_999), click(12_000)], delivery);
    const context: Partial<UserContext> = {
      toleranceMs: 1,
      clockAt: () => 99_000,
      lottery: () => activeRun({ run: 2, windowMs: 1, graceMs: 0 }),
    };
    const again = decide([click(9_999), click(12_000)], { ...delivery, state: first.state, context });
    expect(again.outcomes).toEqual(first.outcomes);
    expect(again.changed).toBe(false);
    const told = (outcome: (typeof again.outcomes)[number]) =>
      outcome && userOutput(sourced(1, click(9_999), delivery.options), outcome, outputContext(1));
    expect(told(again.outcomes[0])).toMatchObject({ drawId: '1@10000', windowEnd: 10_000 + windowMs });
  });
});

describe('replay', () => {
  test('a whole batch again changes nothing and says the same, whatever has changed since', () => {
    const events = [buy(2), click(0), click(0, '1', 'unknown'), click(0), click(0)];
    const first = decide(events);
    const context = { lottery: () => activeRun({ run: 2 }), toleranceMs: 1 };
    const again = decide(events, { state: first.state, context });
    expect(again.outcomes).toEqual(first.outcomes);
    expect(again.outcomes.map((outcome) => outcome?.kind)).toEqual([
      'bought',
      'accepted',
      'rejected',
      'accepted',
      'rejected',
    ]);
    expect(again.changed).toBe(false);
    expect(again.state).toBe(first.state);
  });

  test('a batch that grew applies only what is new', () => {
    const { state } = decide([buy(3), click(0)]);
    const { outcomes, applied } = decide([buy(3), click(0), click(0)], { state });
    expect(applied).toBe(1);
    expect(
      outcomes.map((outcome) => outcome && 'availableCoupons' in outcome && outcome.availableCoupons),
    ).toEqual([3, 2, 1]);
  });

  test('the stored numbers of the reasons stay what they are: new ones come after these', () => {
    expect(rejectionReasons.slice(0, 12)).toEqual([
      'LOTTERY_ALREADY_STARTED',
      'INVALID_COUPON_AMOUNT',
      'LOTTERY_INACTIVE',
      'NO_COUPON',
      'INVALID_JSON',
      'UNKNOWN_TYPE',
      'INVALID_FIELD',
      'DUPLICATE_EVENT',
      'TIMESTAMP_OUT_OF_RANGE',
      'COUPON_LIMIT_EXCEEDED',
      'REFUND_UNKNOWN',
      'PARTITION_KEY_MISMATCH',
    ]);
  });

  test('the cursor of a shard that is gone goes too', () => {
    const { state } = decide([buy(1)], { options: { shard: 'shardId-000000000009', arrival: 0 } });
    const now = userContext().retentionMs + 1;
    const later = decide([click(0)], { state, context: { now }, options: { arrival: now } });
    expect(Object.keys(later.state.cursors)).toEqual([shardId]);
    expect(later.state.cursors[shardId]?.sequenceNumber).toBe(sequenceNumber(1));
  });
});

describe('event ids', () => {
  const idOf = (n: number) => buy(1, '1', `id-${n}`);
  const range = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => idOf(from + n));

  test('an event that was applied under its id is not applied again', () => {
    const { state } = decide([buy(5, '1', 'a'), click(0, '1', '1', 'b')]);
    const { outcomes, state: after } = decide([buy(5, '1', 'a'), click(0, '1', '1', 'b'), click(0)], {
      state,
      first: 9,
    });
    expect(outcomes.slice(0, 2)).toEqual([rejected('DUPLICATE_EVENT'), rejected('DUPLICATE_EVENT')]);
    expect(after.coupons).toBe(3);
  });

  test('twice in one batch counts once', () => {
    expect(decide([buy(5, '1', 'a'), buy(5, '1', 'a')]).state.coupons).toBe(5);
  });

  test('a rejected event may be tried again under its id', () => {
    const { outcomes } = decide([click(0, '1', '1', 'a'), buy(1), click(0, '1', '1', 'a')]);
    expect(outcomes.map((outcome) => outcome?.kind)).toEqual(['rejected', 'bought', 'accepted']);
  });

  test(`the last ${recentIdLimit} are remembered, the one before them is applied again`, () => {
    expect(recentIdLimit).toBe(32);
    const { state } = decide(range(0, recentIdLimit + 1));
    expect(state.recentIds).toHaveLength(recentIdLimit);
    const second = decide([idOf(1)], { state, first: 100 });
    expect(second.outcomes).toEqual([rejected('DUPLICATE_EVENT')]);
    const oldest = decide([idOf(0)], { state, first: 100 });
    expect(oldest.outcomes).toEqual([{ kind: 'bought', availableCoupons: recentIdLimit + 2 }]);
  });
});

describe('what is told', () => {
  const told = (event: UserEvent, delivery: Delivery = {}) => {
    const [outcome] = decide([event], delivery).outcomes;
    if (outcome === undefined) throw new Error('No outcome');
    return userOutput(sourced(1, event), outcome, outputContext());
  };

  test.each([
    [buy(0), 'INVALID_COUPON_AMOUNT', 'purchasedCoupons must be at least 1, was 0, userId: 1'],
    [
      buy(Number.MAX_SAFE_INTEGER),
      'COUPON_LIMIT_EXCEEDED',
      'Cannot hold more than 4503599627370496 coupons, purchasedCoupons: 9007199254740991, userId: 1',
    ],
    [
      refundOf('shard:1'),
      'REFUND_UNKNOWN',
      'No such refund was granted, userId: 1, drawId: 1@0, entryId: shard:1',
    ],
    [click(0, '1', '7'), 'LOTTERY_INACTIVE', 'Cannot click on inactive lottery, lotteryId: 7'],
    [click(0, '12'), 'NO_COUPON', 'User has no coupon, userId: 12'],
  ])('of %j: %s', (event, reason, message) => {
    expect(told(event)).toMatchObject({ type: 'EventRejectedEvent', reason, message, event });
  });

  const arrival = Date.UTC(2026, 0, 1);
  const far = 'timestamp must be at most 300 s from its arrival at 2026-01-01T00:00:00.000Z, was';
  test.each([
    [arrival - 300_001, `${far} ${arrival - 300_001} (2025-12-31T23:54:59.999Z)`],
    [latestTime, `${far} 4102444799999 (2099-12-31T23:59:59.999Z)`],
    [
      arrival / 1000,
      `${far} 1767225600 (1970-01-21T10:53:45.600Z); it looks like seconds, and must be milliseconds`,
    ],
  ])('of a click at %d that is too far from its arrival', (timestamp, message) => {
    const toleranceMs = 300_000;
    const sourcedClick = sourced(1, click(timestamp), { arrival });
    const [outcome] = decideBatch(
      userDecider,
      newUser,
      [sourcedClick],
      userContext({ toleranceMs }),
    ).outcomes;
    if (outcome === undefined) throw new Error('No outcome');
    expect(userOutput(sourcedClick, outcome, outputContext(toleranceMs))).toMatchObject({
      reason: 'TIMESTAMP_OUT_OF_RANGE',
      field: 'timestamp',
      message,
    });
  });

  test('of an event that was applied before', () => {
    const { state } = decide([buy(1, '1', 'a')]);
    expect(told(buy(1, '1', 'a'), { state, first: 2 })).toMatchObject({
      reason: 'DUPLICATE_EVENT',
      message: 'Event was applied before, eventId: a',
      field: 'eventId',
    });
  });

  test('of a purchase and an accepted click', () => {
    const recordId = `${shardId}:${sequenceNumber(1)}`;
    expect(told(buy(100))).toEqual({
      type: 'CouponsBoughtEvent',
      userId: 1,
      purchasedCoupons: 100,
      availableCoupons: 100,
      recordId,
    });
    expect(told(click(11_000, 'anna'), { state: withCoupons(100) })).toEqual({
      type: 'ClickAcceptedEvent',
      userId: 'anna',
      lotteryId: 1,
      timestamp: 11_000,
      arrival: 0,
      entryId: recordId,
      drawId: '1@0',
      windowStart: 0,
      windowEnd: 10_000,
      availableCoupons: 99,
      receipt: anyReceipt,
    });
  });
});
