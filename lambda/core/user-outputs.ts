import type { InputRecord, SourcedEvent } from './decode.ts';
import type { UserClickEvent, UserEvent } from './events.ts';
import { idToWire, recordIdOf } from './ids.ts';
import type { EventRejectedEvent } from './rejected-event.ts';
import { rejectedEvent } from './rejected-event.ts';
import type { UserOutcome } from './user-outcome.ts';
import { userRejection } from './user-rejections.ts';
import type { ClickTiming } from './window.ts';
import { clickWindowStart, drawIdOf } from './window.ts';

/** What the user-events function puts on user-events-output: one for each event. */
export type UserOutput = CouponsBoughtEvent | ClickAcceptedEvent | CouponRefundedEvent | EventRejectedEvent;

export interface CouponsBoughtEvent {
  readonly type: 'CouponsBoughtEvent';
  readonly userId: number | string;
  readonly purchasedCoupons: number;
  /** The user's coupons after this event. */
  readonly availableCoupons: number;
  readonly recordId: string;
}

/** The user's receipt: with it, anyone can check the draw (docs/fairness.md). */
export interface ClickAcceptedEvent {
  readonly type: 'ClickAcceptedEvent';
  readonly userId: number | string;
  readonly lotteryId: number | string;
  /** The click's own timestamp, ms. */
  readonly timestamp: number;
  /** The record's id, which the draw hashes. */
  readonly entryId: string;
  /** The draw that the entry takes part in. */
  readonly drawId: string;
  readonly windowStart: number;
  readonly availableCoupons: number;
}

export interface CouponRefundedEvent {
  readonly type: 'CouponRefundedEvent';
  readonly userId: number | string;
  readonly lotteryId: number | string;
  /** The entry that came too late for its draw, when the lottery had no window left. */
  readonly entryId: string;
  /** The draw that it came too late for. */
  readonly drawId: string;
  readonly availableCoupons: number;
  readonly recordId: string;
}

/** What an outcome looks like on user-events-output. Pure: the same event and outcome give the same record. */
export function userOutput(
  sourced: SourcedEvent<UserEvent>,
  outcome: UserOutcome,
  timing: ClickTiming,
): UserOutput {
  const { event, record } = sourced;
  const recordId = recordIdOf(record.source);
  switch (outcome.kind) {
    case 'bought':
      return {
        type: 'CouponsBoughtEvent',
        userId: idToWire(event.userId),
        purchasedCoupons: expectType(event, 'UserBuyCouponEvent').purchasedCoupons,
        availableCoupons: outcome.availableCoupons,
        recordId,
      };
    case 'accepted':
      return acceptedEvent(expectType(event, 'UserClickEvent'), record, outcome, timing);
    case 'refunded': {
      const { lotteryId, entryId, drawId } = expectType(event, 'CouponRefundEvent');
      const ids = { userId: idToWire(event.userId), lotteryId: idToWire(lotteryId), entryId, drawId };
      return { type: 'CouponRefundedEvent', ...ids, availableCoupons: outcome.availableCoupons, recordId };
    }
    case 'rejected':
      return rejectedEvent({
        ...sourced,
        rejection: userRejection(event, outcome.reason, record.arrival, timing),
      });
    default:
      return outcome satisfies never;
  }
}

function acceptedEvent(
  { userId, lotteryId, timestamp }: UserClickEvent,
  { source, arrival }: InputRecord,
  { run, availableCoupons }: Extract<UserOutcome, { kind: 'accepted' }>,
  timing: ClickTiming,
): ClickAcceptedEvent {
  const windowStart = clickWindowStart(timestamp, arrival, timing);
  return {
    type: 'ClickAcceptedEvent',
    userId: idToWire(userId),
    lotteryId: idToWire(lotteryId),
    timestamp,
    entryId: recordIdOf(source),
    drawId: drawIdOf({ lotteryId, run, windowStart }),
    windowStart,
    availableCoupons,
  };
}

function expectType<Type extends UserEvent['type']>(
  event: UserEvent,
  type: Type,
): Extract<UserEvent, { type: Type }> {
  if (!isOfType(event, type))
    throw new TypeError(`Stored outcome is of a ${type}, the event is a ${event.type}`);
  return event;
}

function isOfType<Type extends UserEvent['type']>(
  event: UserEvent,
  type: Type,
): event is Extract<UserEvent, { type: Type }> {
  return event.type === type;
}
