import { someValue } from './cursor.ts';
import type { Decider, DecisionContext, KeyedState } from './decider.ts';
import type { InputRecord, SourcedEvent } from './decode.ts';
import type { CouponRefundEvent, UserBuyCouponEvent, UserClickEvent, UserEvent } from './events.ts';
import type { LotteryRun } from './lottery.ts';
import { takesClicks } from './lottery.ts';
import { fingerprint } from './outcome-codec.ts';
import type { RejectionReason } from './reasons.ts';
import type { Rejected } from './rejected.ts';
import { type UserOutcome, userOutcomeCodec } from './user-outcome.ts';
import { clickWindowStart, windowStartOf } from './window.ts';

export interface UserState extends KeyedState {
  readonly coupons: number;
  /** Fingerprints of the last event ids applied, oldest first. At most `recentIdLimit`. */
  readonly recentIds: readonly string[];
  /**
   * When each refund was granted (ms), by the fingerprint of its entry id, as long as it may come again; and under
   * `forgotten` when the latest of those was that are not remembered any more.
   */
  readonly refunds: Readonly<Record<string, number>>;
}

export const newUser: UserState = { version: 0, coupons: 0, cursors: {}, recentIds: [], refunds: {} };

/**
 * How many event ids a user's item remembers: 8 bytes each. A producer's retry that comes after this many newer
 * events with ids of the same user is applied again.
 */
export const recentIdLimit = 32;

/** Far below the largest safe integer, so that a refund always fits. */
export const maximumCoupons = 2 ** 52;

/** No fingerprint: those have twelve characters. */
const FORGOTTEN = 'forgotten';

/** A refund as the draws table holds it. */
export interface GrantedRefund {
  readonly userId: string;
  readonly lotteryId: string;
  /** When the draw function granted it, ms since the epoch. */
  readonly grantedAt: number;
}

export interface UserContext extends DecisionContext {
  /** How far a click's timestamp may be from its arrival, ms; undefined: any distance, as in a replay. */
  readonly toleranceMs: number | undefined;
  /** In a replay: the largest timestamp of a click so far, by position in the shard, ms. */
  readonly clockAt: (record: InputRecord) => number | undefined;
  readonly lottery: (lotteryId: string) => LotteryRun | undefined;
  readonly refund: (drawId: string, entryId: string) => GrantedRefund | undefined;
}

/** What becomes of a user's events: purchases, clicks and refunds. */
export const userDecider: Decider<UserState, UserEvent, UserOutcome, UserContext> = {
  initialState: newUser,
  decide,
  evolve,
  expire: withoutOldRefunds,
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
  if (isEarly || !takesClicks(lottery, windowStart)) return rejected('LOTTERY_INACTIVE');
  if (coupons < 1) return rejected('NO_COUPON');
  const accepted = { kind: 'accepted', availableCoupons: coupons - 1, run: lottery.run } as const;
  return windowStart === own ? accepted : { ...accepted, windowStart };
}

/** Gives a coupon back once, if the draws table holds the refund, and holds it for this user. */
function refund(user: UserState, event: CouponRefundEvent, context: UserContext): UserOutcome {
  const granted = context.refund(event.drawId, event.entryId);
  const isKnown = granted?.userId === event.userId && granted.lotteryId === event.lotteryId;
  if (!isKnown || context.now - granted.grantedAt > refundLifetime(context)) {
    return rejected('REFUND_UNKNOWN');
  }
  // Somebody may have raised the retention since: what was forgotten then is not honoured again now.
  const { [FORGOTTEN]: forgotten = Number.NEGATIVE_INFINITY } = user.refunds;
  if (granted.grantedAt <= forgotten) return rejected('REFUND_UNKNOWN');
  if (Object.hasOwn(user.refunds, fingerprint(event.entryId))) return rejected('DUPLICATE_EVENT');
  return { kind: 'refunded', availableCoupons: user.coupons + 1 };
}

function rejected(reason: RejectionReason): Rejected {
  return { kind: 'rejected', reason };
}

/** Named members instead of a spread: this is done for every click. */
function evolve(
  user: UserState,
  { event }: SourcedEvent<UserEvent>,
  outcome: UserOutcome,
  context: UserContext,
): UserState {
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
    refunds: event.type === 'CouponRefundEvent' ? withRefund(user.refunds, event, context) : user.refunds,
  };
}

function withRefund(
  refunds: UserState['refunds'],
  { drawId, entryId }: CouponRefundEvent,
  { refund }: UserContext,
): UserState['refunds'] {
  const granted = refund(drawId, entryId);
  if (granted === undefined)
    throw new RangeError(`Entry ${entryId} was refunded, and no refund of it was granted`);
  return { ...refunds, [fingerprint(entryId)]: granted.grantedAt };
}

/**
 * A refund is put on the input stream again as long as its draw can be repeated, and lies there as long again:
 * two retentions. Later it is refused, so that a user's item need not remember it for ever.
 */
function refundLifetime({ retentionMs }: UserContext): number {
  return 2 * retentionMs;
}

function withoutOldRefunds(user: UserState, context: UserContext): UserState {
  // Kept longer than it is honoured: hosts' clocks differ.
  const lifetime = refundLifetime(context) + context.retentionMs;
  const isOld = (grantedAt: number) => context.now - grantedAt > lifetime;
  if (!someValue(user.refunds, isOld)) return user;
  const times = Object.entries(user.refunds);
  const old = times.filter(([, grantedAt]) => isOld(grantedAt));
  if (old.length === 1 && FORGOTTEN in user.refunds) return user;
  const kept = times.filter(([, grantedAt]) => !isOld(grantedAt));
  const forgotten = Math.max(...old.map(([, grantedAt]) => grantedAt));
  return { ...user, refunds: { ...Object.fromEntries(kept), [FORGOTTEN]: forgotten } };
}
