import type { UserEvent } from './events.ts';
import type { Rejection, RejectionReason } from './reasons.ts';
import { noRoomMessage } from './rejected.ts';
import { inWords, isoOf } from './times-in-words.ts';
import { maximumCoupons } from './user.ts';

/**
 * Why an event of a user was not applied, in the sender's words: the field, its limit, and what was given. Ids in
 * it have at most 128 characters.
 * @param arrival when the stream took the event, ms @param toleranceMs of now; undefined: without a limit
 */
export function userRejection(
  event: UserEvent,
  reason: RejectionReason,
  arrival: number,
  toleranceMs: number | undefined,
): Rejection {
  const field = fieldOf(event, reason);
  const message = messageOf(event, reason, arrival, toleranceMs);
  return { reason, message, ...(field === undefined ? {} : { field }) };
}

/** The field that is to blame. */
function fieldOf(event: UserEvent, reason: RejectionReason): string | undefined {
  switch (reason) {
    case 'INVALID_COUPON_AMOUNT':
      return 'purchasedCoupons';
    case 'COUPON_LIMIT_EXCEEDED':
      return whatIsTooMuch(event);
    case 'DUPLICATE_EVENT':
      return nameOf(event);
    case 'TIMESTAMP_OUT_OF_RANGE':
      return 'timestamp';
    default:
      return undefined;
  }
}

function messageOf(
  event: UserEvent,
  reason: RejectionReason,
  arrival: number,
  toleranceMs: number | undefined,
): string {
  const userId = `userId: ${event.userId}`;
  switch (reason) {
    case 'INVALID_COUPON_AMOUNT':
      return `purchasedCoupons must be at least 1, was ${sent(event, 'purchasedCoupons')}, ${userId}`;
    case 'COUPON_LIMIT_EXCEEDED':
      return `Cannot hold more than ${maximumCoupons} coupons, ${whatIsTooMuch(event)}: ${sent(event, whatIsTooMuch(event))}, ${userId}`;
    case 'LOTTERY_INACTIVE':
      return `Cannot click on inactive lottery, lotteryId: ${sent(event, 'lotteryId')}`;
    case 'NO_COUPON':
      return `User has no coupon, ${userId}`;
    case 'DUPLICATE_EVENT':
      return `Event was applied before, ${nameOf(event)}: ${sent(event, nameOf(event))}`;
    case 'TIMESTAMP_OUT_OF_RANGE':
      return farFromArrival(Number(sent(event, 'timestamp')), arrival, toleranceMs);
    case 'REFUND_UNKNOWN':
      return `No such refund was granted, ${userId}, drawId: ${sent(event, 'drawId')}, entryId: ${sent(event, 'entryId')}`;
    case 'GRANT_UNKNOWN':
      return `No such grant was made, ${userId}, grantId: ${sent(event, 'grantId')}`;
    case 'TOO_MANY_IN_RECORD':
      return noRoomMessage;
    default:
      return `Event was rejected: ${reason}`;
  }
}

/** The field that says how many coupons, or what does. */
function whatIsTooMuch({ type }: UserEvent): 'grantId' | 'purchasedCoupons' {
  return type === 'CouponGrantEvent' ? 'grantId' : 'purchasedCoupons';
}

/** The field that says which event it is. */
function nameOf({ type }: UserEvent): 'entryId' | 'grantId' | 'eventId' {
  if (type === 'CouponRefundEvent') return 'entryId';
  return type === 'CouponGrantEvent' ? 'grantId' : 'eventId';
}

/** A field that the reason's events have. */
function sent(event: UserEvent, field: string): unknown {
  return Object.getOwnPropertyDescriptor(event, field)?.value;
}

function farFromArrival(timestamp: number, arrival: number, toleranceMs: number | undefined): string {
  // Without a limit of now: the event was rejected by one that was switched off since.
  const limit =
    toleranceMs === undefined ? 'nearer to its arrival' : `at most ${toleranceMs / 1000} s from its arrival`;
  return `timestamp must be ${limit} at ${isoOf(arrival)}, was ${inWords(timestamp)}`;
}
