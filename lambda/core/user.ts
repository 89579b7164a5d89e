import type { Cursors } from './cursor.ts';
import { resume, someValue, withoutExpired } from './cursor.ts';
import type { SourcedEvent } from './decode.ts';
import type { CouponRefundEvent, UserBuyCouponEvent, UserClickEvent, UserEvent } from './events.ts';
import type { LotteryRun } from './lottery.ts';
import { takesClicks } from './lottery.ts';
import type { StoredOutcome } from './outcome-codec.ts';
import { fingerprint } from './outcome-codec.ts';
import type { RejectionReason } from './reasons.ts';
import { rejectionReasons } from './reasons.ts';
import type { ClickTiming } from './window.ts';
import { clickWindowStart } from './window.ts';

export interface UserState {
  /** 0 before the first write. */
  readonly version: number;
  readonly coupons: number;
  readonly cursors: Cursors;
  /** Fingerprints of the last event ids applied, oldest first. At most `recentIdLimit`. */
  readonly recentIds: readonly string[];
  /** When each refund was granted (ms), by the fingerprint of its entry id, as long as it may come again. */
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

/** A refund as the draws table holds it. */
export interface GrantedRefund {
  readonly userId: string;
  readonly lotteryId: string;
  /** When the draw function granted it, ms since the epoch. */
  readonly grantedAt: number;
}

export interface UserContext {
  readonly timing: ClickTiming;
  readonly now: number;
  readonly retentionMs: number;
  readonly lottery: (lotteryId: string) => LotteryRun | undefined;
  readonly refund: (drawId: string, entryId: string) => GrantedRefund | undefined;
}

export type UserOutcome =
  | { readonly kind: 'bought'; readonly availableCoupons: number }
  | { readonly kind: 'accepted'; readonly availableCoupons: number; readonly run: number }
  | { readonly kind: 'refunded'; readonly availableCoupons: number }
  | { readonly kind: 'rejected'; readonly reason: RejectionReason };

export interface UserDecision {
  readonly state: UserState;
  /** Whether there is something to write. */
  readonly changed: boolean;
  readonly applied: number;
  /** For each event, in order; undefined where it was settled long ago. */
  readonly outcomes: readonly (UserOutcome | undefined)[];
}

/** What events change; the rest of the state is bookkeeping of the source. */
type Account = Pick<UserState, 'coupons' | 'recentIds' | 'refunds'>;

interface Step {
  readonly account: Account;
  readonly outcome: UserOutcome;
}

/**
 * Applies one user's events of one batch, in order. Pure. A rejection changes no balance, but moves the cursor
 * and is stored all the same: delivered again, the event has the same outcome, whatever has changed since.
 */
export function decideUser(
  state: UserState,
  events: readonly SourcedEvent<UserEvent>[],
  context: UserContext,
): UserDecision {
  const { coupons: couponsBefore, recentIds: idsBefore } = state;
  let account: Account = {
    coupons: couponsBefore,
    recentIds: idsBefore,
    refunds: withoutOld(state.refunds, context),
  };
  const resumed = resume(
    withoutExpired(state.cursors, context.now, context.retentionMs),
    events.map(({ record }) => record),
    (index) => {
      const sourced = events[index];
      if (sourced === undefined) throw new RangeError(`No event ${index}`);
      const step = applyOnce(account, sourced, context);
      account = step.account;
      return encodeUserOutcome(step.outcome);
    },
  );
  const changed = resumed.applied > 0;
  const { coupons, recentIds, refunds } = account;
  return {
    state: changed
      ? { version: state.version, coupons, recentIds, refunds, cursors: resumed.cursors }
      : state,
    changed,
    applied: resumed.applied,
    outcomes: resumed.outcomes.map((stored) => stored && decodeUserOutcome(stored)),
  };
}

/** A producer that retries a put makes a new record of the same event: its event id tells. */
function applyOnce(account: Account, sourced: SourcedEvent<UserEvent>, context: UserContext): Step {
  const { event } = sourced;
  const eventId = 'eventId' in event ? event.eventId : undefined;
  if (eventId === undefined) return applyUserEvent(account, sourced, context);
  const id = fingerprint(eventId).toString('base64');
  if (account.recentIds.includes(id)) return rejected(account, 'DUPLICATE_EVENT');
  const step = applyUserEvent(account, sourced, context);
  if (step.outcome.kind === 'rejected') return step;
  return {
    ...step,
    account: { ...step.account, recentIds: [...account.recentIds, id].slice(-recentIdLimit) },
  };
}

function applyUserEvent(
  account: Account,
  { event, record }: SourcedEvent<UserEvent>,
  context: UserContext,
): Step {
  switch (event.type) {
    case 'UserBuyCouponEvent':
      return buy(account, event);
    case 'UserClickEvent':
      return click(account, event, record.arrival, context);
    case 'CouponRefundEvent':
      return refund(account, event, context);
    default:
      return event satisfies never;
  }
}

function buy(account: Account, event: UserBuyCouponEvent): Step {
  if (event.purchasedCoupons < 1) return rejected(account, 'INVALID_COUPON_AMOUNT');
  const coupons = account.coupons + event.purchasedCoupons;
  if (coupons > maximumCoupons) return rejected(account, 'COUPON_LIMIT_EXCEEDED');
  return { account: withCoupons(account, coupons), outcome: { kind: 'bought', availableCoupons: coupons } };
}

/** Named members instead of a spread: this is done for every click. */
function withCoupons({ recentIds, refunds }: Account, coupons: number): Account {
  return { coupons, recentIds, refunds };
}

function click(account: Account, event: UserClickEvent, arrival: number, context: UserContext): Step {
  const { toleranceMs } = context.timing;
  if (toleranceMs !== undefined && Math.abs(event.timestamp - arrival) > toleranceMs) {
    return rejected(account, 'TIMESTAMP_OUT_OF_RANGE');
  }
  const lottery = context.lottery(event.lotteryId);
  if (!lottery || !takesClicks(lottery, clickWindowStart(event.timestamp, arrival, context.timing))) {
    return rejected(account, 'LOTTERY_INACTIVE');
  }
  if (account.coupons < 1) return rejected(account, 'NO_COUPON');
  const coupons = account.coupons - 1;
  return {
    account: withCoupons(account, coupons),
    outcome: { kind: 'accepted', availableCoupons: coupons, run: lottery.run },
  };
}

/** Gives a coupon back once, if the draws table holds the refund, and holds it for this user. */
function refund(account: Account, event: CouponRefundEvent, context: UserContext): Step {
  const granted = context.refund(event.drawId, event.entryId);
  const isKnown = granted?.userId === event.userId && granted.lotteryId === event.lotteryId;
  if (!isKnown || context.now - granted.grantedAt > refundLifetime(context)) {
    return rejected(account, 'REFUND_UNKNOWN');
  }
  const id = fingerprint(event.entryId).toString('base64');
  if (Object.hasOwn(account.refunds, id)) return rejected(account, 'DUPLICATE_EVENT');
  const coupons = account.coupons + 1;
  return {
    account: { ...account, coupons, refunds: { ...account.refunds, [id]: granted.grantedAt } },
    outcome: { kind: 'refunded', availableCoupons: coupons },
  };
}

/**
 * A refund is put on the input stream again as long as its draw can be repeated, and lies there as long again:
 * two retentions. Later it is refused, so that a user's item need not remember it for ever.
 */
function refundLifetime({ retentionMs }: UserContext): number {
  return 2 * retentionMs;
}

function withoutOld(refunds: UserState['refunds'], context: UserContext): UserState['refunds'] {
  // Kept longer than it is honoured: hosts' clocks differ.
  const lifetime = refundLifetime(context) + context.retentionMs;
  const isOld = (grantedAt: number) => context.now - grantedAt > lifetime;
  if (!someValue(refunds, isOld)) return refunds;
  return Object.fromEntries(Object.entries(refunds).filter(([, grantedAt]) => !isOld(grantedAt)));
}

function rejected(account: Account, reason: RejectionReason): Step {
  return { account, outcome: { kind: 'rejected', reason } };
}

const boughtCode = 0;
const acceptedCode = 1;
const refundedCode = 2;
/** Codes from here on are rejections: this plus the reason's index. */
const firstRejectionCode = 16;

function encodeUserOutcome(outcome: UserOutcome): StoredOutcome {
  switch (outcome.kind) {
    case 'bought':
      return { code: boughtCode, first: outcome.availableCoupons, second: 0 };
    case 'accepted':
      return { code: acceptedCode, first: outcome.availableCoupons, second: outcome.run };
    case 'refunded':
      return { code: refundedCode, first: outcome.availableCoupons, second: 0 };
    case 'rejected':
      return { code: firstRejectionCode + rejectionReasons.indexOf(outcome.reason), first: 0, second: 0 };
    default:
      return outcome satisfies never;
  }
}

function decodeUserOutcome({ code, first, second }: StoredOutcome): UserOutcome {
  if (code === boughtCode) return { kind: 'bought', availableCoupons: first };
  if (code === acceptedCode) return { kind: 'accepted', availableCoupons: first, run: second };
  if (code === refundedCode) return { kind: 'refunded', availableCoupons: first };
  const reason = rejectionReasons[code - firstRejectionCode];
  if (reason === undefined) throw new RangeError(`Stored user outcome has unknown code ${code}`);
  return { kind: 'rejected', reason };
}
