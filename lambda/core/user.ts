import type { Decider, DecisionContext, KeyedState } from './decider.ts';
import type { InputRecord, SourcedEvent } from './decode.ts';
import type { CouponRefundEvent, UserBuyCouponEvent, UserClickEvent, UserEvent } from './events.ts';
import type { LotteryRun } from './lottery.ts';
import { takesClicks } from './lottery.ts';
import { fingerprint } from './outcome-codec.ts';
import type { RejectionReason } from './reasons.ts';
import { type RefundKey, refundKey } from './refund-key.ts';
import type { Rejected } from './rejected.ts';
import { type UserOutcome, userOutcomeCodec } from './user-outcome.ts';
import { clickWindowStart, latestTime, windowStartOf } from './window.ts';

export interface UserState extends KeyedState {
  readonly coupons: number;
  /** Fingerprints of the last event ids applied, oldest first. At most `recentIdLimit`. */
  readonly recentIds: readonly string[];
  /**
   * Refunds that a write has granted, by `refundKey`, as long as the table of refunds may not say so: those of the last
   * batch that had any.
   */
  readonly refunds: readonly string[];
}

export const newUser: UserState = { version: 0, coupons: 0, cursors: {}, recentIds: [], refunds: [] };

/**
 * How many event ids a user's item remembers: 8 bytes each. A producer's retry that comes after this many newer
 * events with ids of the same user is applied again.
 */
export const recentIdLimit = 32;

/** Far below the largest safe integer, so that a refund always fits. */
export const maximumCoupons = 2 ** 52;

/** A refund as the table of refunds holds it. */
export interface GrantedRefund {
  readonly userId: string;
  readonly lotteryId: string;
  /** Whether its coupon went back. */
  readonly isTaken: boolean;
}

export interface UserContext extends DecisionContext {
  /** How far a click's timestamp may be from its arrival, ms; undefined: any distance, as in a replay. */
  readonly toleranceMs: number | undefined;
  /** In a replay: the largest timestamp of a click so far, by position in the shard, ms. */
  readonly clockAt: (record: InputRecord) => number | undefined;
  readonly lottery: (lotteryId: string) => LotteryRun | undefined;
  readonly refund: (key: RefundKey) => GrantedRefund | undefined;
}

/** What becomes of a user's events: purchases, clicks and refunds. */
export const userDecider: Decider<UserState, UserEvent, UserOutcome, UserContext> = {
  initialState: newUser,
  decide,
  evolve,
  expire: withoutTakenRefunds,
  bytesOf: bytesOfRefund,
  codec: userOutcomeCodec,
};

function decide(
  user: UserState,
  { event, record }: SourcedEvent<UserEvent>,
  context: UserContext,
): UserOutcome {
  if (isRepeated(user, event)) return rejected('DUPLICATE_EVENT');
  switch (event.type) {
    case 'UserBuyCouponEvent':
      return buy(user, event);
    case 'UserClickEvent':
      return click(user, event, record, context);
    case 'CouponRefundEvent':
      return refund(user, event, context);
    default:
      return event satisfies never;
  }
}

/** A producer that retries a put makes a new record of the same event: its event id tells. */
function isRepeated({ recentIds }: UserState, event: UserEvent): boolean {
  const eventId = eventIdOf(event);
  return eventId !== undefined && recentIds.includes(fingerprint(eventId));
}

function eventIdOf(event: UserEvent): string | undefined {
  return 'eventId' in event ? event.eventId : undefined;
}

function buy({ coupons }: UserState, { purchasedCoupons }: UserBuyCouponEvent): UserOutcome {
  if (purchasedCoupons < 1) return rejected('INVALID_COUPON_AMOUNT');
  const availableCoupons = coupons + purchasedCoupons;
  if (availableCoupons > maximumCoupons) return rejected('COUPON_LIMIT_EXCEEDED');
  return { kind: 'bought', availableCoupons };
}

function click(
  { coupons }: UserState,
  { timestamp, lotteryId }: UserClickEvent,
  record: InputRecord,
  { toleranceMs, clockAt, lottery: runOf }: UserContext,
): UserOutcome {
  const { arrival } = record;
  if (toleranceMs !== undefined && Math.abs(timestamp - arrival) > toleranceMs) {
    return rejected('TIMESTAMP_OUT_OF_RANGE');
  }
  const lottery = runOf(lotteryId);
  if (lottery === undefined) return rejected('LOTTERY_INACTIVE');
  const own = windowStartOf(timestamp, lottery.windowMs);
  const windowStart = clickWindowStart({ timestamp, arrival, clock: clockAt(record) }, lottery);
  // By its own word it was made before the lottery started, though it arrived after.
  const isEarly = lottery.firstWindowStart !== undefined && own < lottery.firstWindowStart;
  // A replay's clock may be set behind all time, where no draw could ever be complete.
  if (isEarly || windowStart > latestTime || !takesClicks(lottery, windowStart))
    return rejected('LOTTERY_INACTIVE');
  if (coupons < 1) return rejected('NO_COUPON');
  const accepted = { kind: 'accepted', availableCoupons: coupons - 1, run: lottery.run } as const;
  return windowStart === own ? accepted : { ...accepted, windowStart };
}

/** Gives a coupon back once, if the table of refunds holds the refund, and holds it for this user. */
function refund(user: UserState, event: CouponRefundEvent, context: UserContext): UserOutcome {
  const granted = context.refund(event);
  const isKnown = granted?.userId === event.userId && granted.lotteryId === event.lotteryId;
  if (!isKnown) return rejected('REFUND_UNKNOWN');
  if (granted.isTaken || isAmong(user.refunds, refundKey(event))) return rejected('DUPLICATE_EVENT');
  return { kind: 'refunded', availableCoupons: user.coupons + 1 };
}

/**
 * As `includes`, but from their ends: keys of one shard's entries begin alike, and comparing thousands with each other took
 * most of the time of a batch of refunds.
 */
function isAmong(keys: readonly string[], key: string): boolean {
  const last = key.length - 1;
  for (const each of keys) if (each.charCodeAt(last) === key.charCodeAt(last) && each === key) return true;
  return false;
}

function rejected(reason: RejectionReason): Rejected {
  return { kind: 'rejected', reason };
}

/** Named members instead of a spread: this is done for every click. */
function evolve(user: UserState, { event }: SourcedEvent<UserEvent>, outcome: UserOutcome): UserState {
  if (outcome.kind === 'rejected') return user;
  const eventId = eventIdOf(event);
  return {
    version: user.version,
    coupons: outcome.availableCoupons,
    cursors: user.cursors,
    recentIds:
      eventId === undefined
        ? user.recentIds
        : [...user.recentIds, fingerprint(eventId)].slice(-recentIdLimit),
    refunds: event.type === 'CouponRefundEvent' ? [...user.refunds, refundKey(event)] : user.refunds,
  };
}

/** By now the table of refunds says that they are taken: whoever loads a user sees to that first. */
function withoutTakenRefunds(user: UserState): UserState {
  return user.refunds.length === 0 ? user : { ...user, refunds: [] };
}

/** What an event takes in the user's item, beside its outcome. */
function bytesOfRefund({ event }: SourcedEvent<UserEvent>, { kind }: UserOutcome): number {
  return kind === 'refunded' && event.type === 'CouponRefundEvent'
    ? Buffer.byteLength(refundKey(event)) + 3
    : 0;
}
