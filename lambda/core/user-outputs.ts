import type { SourcedEvent } from './decode.ts';
import type { CouponGrantEvent, UserClickEvent, UserEvent } from './events.ts';
import { idToWire, recordIdOf } from './ids.ts';
import type { LotteryRun } from './lottery.ts';
import { type Receipt, receiptJson } from './receipt.ts';
import type { EventRejectedEvent } from './rejected-event.ts';
import { rejectedEvent } from './rejected-event.ts';
import type { CouponGrant } from './user.ts';
import type { UserOutcome } from './user-outcome.ts';
import { userRejection } from './user-rejections.ts';
import type { RunKey } from './window.ts';
import { drawIdOf, windowStartOf } from './window.ts';

/** What the user-events function puts on user-events-output: one for each event. */
export type UserOutput =
  | CouponsBoughtEvent
  | ClickAcceptedEvent
  | CouponRefundedEvent
  | CouponsGrantedEvent
  | EventRejectedEvent;

export interface CouponsBoughtEvent {
  readonly type: 'CouponsBoughtEvent';
  readonly userId: number | string;
  readonly purchasedCoupons: number;
  /** The user's coupons after this event. */
  readonly availableCoupons: number;
  readonly recordId: string;
}

/** With it, anyone can check the draw, and that its entry is in it (docs/fairness.md). */
export interface ClickAcceptedEvent {
  readonly type: 'ClickAcceptedEvent';
  readonly userId: number | string;
  readonly lotteryId: number | string;
  /** The click's own timestamp, and when it arrived, ms: the two say which window it competes in. */
  readonly timestamp: number;
  readonly arrival: number;
  /** The record's id, which the draw hashes. */
  readonly entryId: string;
  /** The draw that the entry takes part in. */
  readonly drawId: string;
  readonly windowStart: number;
  readonly windowEnd: number;
  readonly availableCoupons: number;
  readonly receipt: Receipt;
}

export interface CouponRefundedEvent {
  readonly type: 'CouponRefundedEvent';
  readonly userId: number | string;
  readonly lotteryId: number | string;
  /** The entry that is in no draw. */
  readonly entryId: string;
  /** The draw that its receipt names: it was made before the entry came, or lies outside its run. */
  readonly drawId: string;
  readonly availableCoupons: number;
  readonly recordId: string;
}

/** An operator gave coupons. */
export interface CouponsGrantedEvent {
  readonly type: 'CouponsGrantedEvent';
  readonly userId: number | string;
  readonly grantId: string;
  readonly coupons: number;
  /** Absent where it comes again and somebody has taken its item away since. */
  readonly reason?: string;
  readonly availableCoupons: number;
  readonly recordId: string;
}

export interface OutputContext {
  /** How far a click's timestamp may be from its arrival, ms; undefined: any distance. */
  readonly toleranceMs: number | undefined;
  /** The run that accepted a click. */
  readonly runOf: (key: RunKey) => LotteryRun;
  /** Of an accepted click. */
  readonly receiptOf: (drawId: string, click: SourcedEvent<UserEvent>) => Receipt;
  /** As the table of grants holds it. */
  readonly grantOf: (grantId: string) => CouponGrant | undefined;
}

/** What an outcome looks like on user-events-output. Pure: the same event, outcome and context give the same record. */
export function userOutput(
  sourced: SourcedEvent<UserEvent>,
  outcome: UserOutcome,
  context: OutputContext,
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
      return acceptedEvent(expectType(event, 'UserClickEvent'), sourced, outcome, context);
    case 'refunded': {
      const { lotteryId, entryId, drawId } = expectType(event, 'CouponRefundEvent');
      const ids = { userId: idToWire(event.userId), lotteryId: idToWire(lotteryId), entryId, drawId };
      return { type: 'CouponRefundedEvent', ...ids, availableCoupons: outcome.availableCoupons, recordId };
    }
    case 'granted':
      return grantedEvent(expectType(event, 'CouponGrantEvent'), recordId, outcome, context);
    case 'rejected':
      return rejectedEvent({
        ...sourced,
        rejection: userRejection(event, outcome.reason, record.arrival, context.toleranceMs),
      });
    default:
      return outcome satisfies never;
  }
}

/** The same as its JSON. */
export function userOutputJson(
  sourced: SourcedEvent<UserEvent>,
  outcome: UserOutcome,
  context: OutputContext,
): string {
  const output = userOutput(sourced, outcome, context);
  if (output.type !== 'ClickAcceptedEvent') return JSON.stringify(output);
  const others = JSON.stringify({ ...output, receipt: undefined });
  return `${others.slice(0, -1)},"receipt":${receiptJson(output.receipt)}}`;
}

function grantedEvent(
  { userId, grantId }: CouponGrantEvent,
  recordId: string,
  { coupons, availableCoupons }: Extract<UserOutcome, { kind: 'granted' }>,
  { grantOf }: OutputContext,
): CouponsGrantedEvent {
  const reason = grantOf(grantId)?.reason;
  return {
    ...{ type: 'CouponsGrantedEvent', userId: idToWire(userId), grantId, coupons },
    ...(reason !== undefined && { reason }),
    ...{ availableCoupons, recordId },
  };
}

function acceptedEvent(
  { userId, lotteryId, timestamp }: UserClickEvent,
  sourced: SourcedEvent<UserEvent>,
  accepted: Accepted,
  { runOf, receiptOf }: OutputContext,
): ClickAcceptedEvent {
  const { source, arrival } = sourced.record;
  const run = runOf({ lotteryId, run: accepted.run });
  const windowStart = windowStartOfAccepted(timestamp, accepted, run);
  const entryId = recordIdOf(source);
  const drawId = drawIdOf({ lotteryId, run: run.run, windowStart });
  return {
    type: 'ClickAcceptedEvent',
    userId: idToWire(userId),
    lotteryId: idToWire(lotteryId),
    timestamp,
    arrival,
    entryId,
    drawId,
    windowStart,
    windowEnd: windowStart + run.windowMs,
    availableCoupons: accepted.availableCoupons,
    receipt: receiptOf(drawId, sourced),
  };
}

type Accepted = Extract<UserOutcome, { kind: 'accepted' }>;

/** As it was decided: what decides it now may have changed. */
export function windowStartOfAccepted(
  timestamp: number,
  accepted: Accepted,
  { windowMs }: LotteryRun,
): number {
  return accepted.windowStart ?? windowStartOf(timestamp, windowMs);
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
