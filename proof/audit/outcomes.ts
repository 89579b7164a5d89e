import type { OutputEvent } from '../../client/output-events.ts';
import { isDecoded } from '../../lambda/core/decode.ts';
import type { LotteryEvent, UserClickEvent, UserEvent } from '../../lambda/core/events.ts';
import { windowStartOf } from '../../lambda/core/window.ts';
import type { Evidence } from './evidence.ts';
import { isEventOf, lotteryOf, type Settled, type SettledEvent, type Settlement, userOf } from './settled.ts';

/**
 * Each outcome is one that its event can have, and repeats what the event said: user, amount, lottery, timestamp,
 * prizes. Which of the possible ones it must be, the histories say (histories.ts).
 */
export function everyOutcomeFitsItsEvent({ windowMs }: Evidence, { user, lottery }: Settlement): string[] {
  return [
    ...user.flatMap((settled) => {
      const isRight = isEventOf(settled, userOf) ? userFits(settled, windowMs) : isRefused(settled);
      return isRight ? [] : [`the outcome of user event ${settled.id} does not fit it`];
    }),
    ...lottery.flatMap((settled) => {
      const isRight = isEventOf(settled, lotteryOf) ? lotteryFits(settled) : isRefused(settled);
      return isRight ? [] : [`the outcome of lottery event ${settled.id} does not fit it`];
    }),
    ...everyTimestampIsMeasuredAlike(user),
  ];
}

/** What is no event, or an event under the key of another, is rejected for that and nothing else. */
function isRefused<Event>({ decoded, outcome }: Settled<Event>): boolean {
  const reason = isDecoded(decoded) ? 'PARTITION_KEY_MISMATCH' : decoded.rejection.reason;
  return outcome.type === 'EventRejectedEvent' && outcome.reason === reason;
}

function userFits({ decoded, outcome }: SettledEvent<UserEvent>, windowMs: number): boolean {
  const { event, record } = decoded;
  if (outcome.type === 'EventRejectedEvent') return reasonsOf(event).includes(outcome.reason);
  if (!('userId' in outcome) || String(outcome.userId) !== event.userId) return false;
  switch (event.type) {
    case 'UserBuyCouponEvent':
      return (
        outcome.type === 'CouponsBoughtEvent' &&
        outcome.purchasedCoupons === event.purchasedCoupons &&
        event.purchasedCoupons > 0
      );
    case 'UserClickEvent':
      return outcome.type === 'ClickAcceptedEvent' && isReceiptOf(outcome, event, record.arrival, windowMs);
    case 'CouponRefundEvent':
      return (
        outcome.type === 'CouponRefundedEvent' &&
        String(outcome.lotteryId) === event.lotteryId &&
        outcome.entryId === event.entryId &&
        outcome.drawId === event.drawId
      );
    default:
      return event satisfies never;
  }
}

function reasonsOf(event: UserEvent): readonly string[] {
  switch (event.type) {
    case 'UserBuyCouponEvent':
      return [
        'DUPLICATE_EVENT',
        event.purchasedCoupons < 1 ? 'INVALID_COUPON_AMOUNT' : 'COUPON_LIMIT_EXCEEDED',
      ];
    case 'UserClickEvent':
      return ['DUPLICATE_EVENT', 'LOTTERY_INACTIVE', 'NO_COUPON', 'TIMESTAMP_OUT_OF_RANGE'];
    case 'CouponRefundEvent':
      return ['DUPLICATE_EVENT', 'REFUND_UNKNOWN'];
    default:
      return event satisfies never;
  }
}

/** The window is the click's own or, where that was over, the one of its arrival (which is rounded to ms). */
function isReceiptOf(
  receipt: Extract<OutputEvent, { type: 'ClickAcceptedEvent' }>,
  { lotteryId, timestamp }: UserClickEvent,
  arrival: number,
  windowMs: number,
): boolean {
  const own = windowStartOf(timestamp, windowMs);
  const later = [-1, 0, 1].map((ms) => windowStartOf(arrival + ms, windowMs)).filter((start) => start > own);
  const drawId = `${lotteryId}@${receipt.windowStart}`;
  return (
    String(receipt.lotteryId) === lotteryId &&
    receipt.timestamp === timestamp &&
    [own, ...later].includes(receipt.windowStart) &&
    (receipt.drawId === drawId || receipt.drawId.startsWith(`${drawId}#`))
  );
}

/** The evidence does not hold the tolerance, but every click that was refused for its time is further off than all others. */
function everyTimestampIsMeasuredAlike(user: Settlement['user']): string[] {
  const clicks = user.flatMap((settled) => {
    if (!isEventOf(settled, userOf)) return [];
    const { outcome, id, decoded } = settled;
    const { event, record } = decoded;
    if (event.type !== 'UserClickEvent') return [];
    const reason = outcome.type === 'EventRejectedEvent' ? outcome.reason : undefined;
    // Those are told before anybody looks at their time.
    if (reason === 'DUPLICATE_EVENT') return [];
    return [
      { id, isOut: reason === 'TIMESTAMP_OUT_OF_RANGE', ms: Math.abs(event.timestamp - record.arrival) },
    ];
  });
  const furthest = clicks.reduce((most, { isOut, ms }) => (isOut ? most : Math.max(most, ms)), 0);
  return clicks.flatMap(({ id, isOut, ms }) =>
    isOut && ms <= furthest
      ? [`user event ${id} was out of range with ${ms} ms, another was not with ${furthest} ms`]
      : [],
  );
}

function lotteryFits({ decoded: { event }, outcome }: SettledEvent<LotteryEvent>): boolean {
  switch (event.type) {
    case 'LotteryStartEvent':
      if (outcome.type === 'EventRejectedEvent') return outcome.reason === 'LOTTERY_ALREADY_STARTED';
      return (
        outcome.type === 'LotteryStartedEvent' &&
        String(outcome.lotteryId) === event.lotteryId &&
        JSON.stringify(outcome.prizes) === JSON.stringify(event.prizes)
      );
    case 'LotteryStopEvent':
      if (outcome.type === 'EventRejectedEvent') return outcome.reason === 'LOTTERY_INACTIVE';
      return outcome.type === 'LotteryStoppedEvent' && String(outcome.lotteryId) === event.lotteryId;
    default:
      return event satisfies never;
  }
}
