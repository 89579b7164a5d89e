import type { Decider, DecisionContext, KeyedState } from './decider.ts';
import type { InputRecord, SourcedEvent } from './decode.ts';
import type {
  CouponGrantEvent,
  CouponRefundEvent,
  UserBuyCouponEvent,
  UserClickEvent,
  UserEvent,
} from './events.ts';
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
  /** Ids of grants that a write has given, in the same way. */
  readonly grants: readonly string[];
}

export const newUser: UserState = {
  ...{ version: 0, coupons: 0, cursors: {} },
  ...{ recentIds: [], refunds: [], grants: [] },
};

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

/** A grant as the table of grants holds it. */
export interface CouponGrant {
  readonly userId: string;
  /** 1 to 2^32. */
  readonly coupons: number;
  /** Why, in an operator's words. */
  readonly reason: string;
  /** Whether its coupons were given. */
  readonly isTaken: boolean;
}

export interface UserContext extends DecisionContext {
  /** How far a click's timestamp may be from its arrival, ms; undefined: any distance, as in a replay. */
  readonly toleranceMs: number | undefined;
  /** In a replay: the largest timestamp of a click so far, by position in the shard, ms. */
  readonly clockAt: (record: InputRecord) => number | undefined;
  readonly lottery: (lotteryId: string) => LotteryRun | undefined;
  readonly refund: (key: RefundKey) => GrantedRefund | undefined;
  readonly grant: (grantId: string) => CouponGrant | undefined;
}

/** What becomes of a user's events: purchases, clicks, refunds and grants. */
export const userDecider: Decider<UserState, UserEvent, UserOutcome, UserContext> = {
  initialState: newUser,
  decide,
  evolve,
  expire: withoutTaken,
  bytesOf: bytesOfTaken,
  codec: userOutcomeCodec,
  noRoom: rejected('TOO_MANY_IN_RECORD'),
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
    case 'CouponGrantEvent':
      return grant(user, event, context);
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

/** Gives a grant's coupons once, if the table of grants holds it for this user. What has no room may come again. */
function grant(user: UserState, { userId, grantId }: CouponGrantEvent, context: UserContext): UserOutcome {
  const known = context.grant(grantId);
  if (known?.userId !== userId) return rejected('GRANT_UNKNOWN');
  if (known.isTaken || user.grants.includes(grantId)) return rejected('DUPLICATE_EVENT');
  const { coupons } = known;
  const availableCoupons = user.coupons + coupons;
  if (availableCoupons > maximumCoupons) return rejected('COUPON_LIMIT_EXCEEDED');
  return { kind: 'granted', availableCoupons, coupons };
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
    grants: event.type === 'CouponGrantEvent' ? [...user.grants, event.grantId] : user.grants,
  };
}

/** By now the tables of refunds and grants say that they are taken: whoever loads a user sees to that first. */
function withoutTaken(user: UserState): UserState {
  return user.refunds.length + user.grants.length === 0 ? user : { ...user, refunds: [], grants: [] };
}

/** What an event takes in the user's item, beside its outcome. */
function bytesOfTaken({ event }: SourcedEvent<UserEvent>, { kind }: UserOutcome): number {
  if (kind === 'refunded' && event.type === 'CouponRefundEvent') return bytesOfKey(refundKey(event));
  if (kind === 'granted' && event.type === 'CouponGrantEvent') return bytesOfKey(event.grantId);
  return 0;
}

function bytesOfKey(key: string): number {
  return Buffer.byteLength(key) + 3;
}
