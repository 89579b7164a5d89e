import type { LotteryEvent, UserEvent } from '../../lambda/core/events.ts';
import { maximumCoupons, recentIdLimit } from '../../lambda/core/user.ts';
import type { Evidence } from './evidence.ts';
import { byKey, lotteryOf, type SettledEvent, type Settlement, userOf } from './settled.ts';

/**
 * Events of one key are applied in the order of their sequence numbers, whatever is delivered again and however the
 * stream is resharded (a child is read after its parents). So the inputs alone say what each event had to become.
 */

interface Account {
  coupons: number;
  /** Event ids that were applied, oldest first, as many as a user's item remembers. */
  recentIds: string[];
  /** Entries whose coupon went back. */
  refunded: Set<string>;
}

/** Each user's balance goes on from the one before, never below nothing; an event id counts once within its bound. */
export function everyUserHistoryIsRight({ lateEntries }: Evidence, { user }: Settlement): string[] {
  const granted = new Set(
    lateEntries.flatMap(({ entryId, missedDrawId, userId, movedTo }) =>
      movedTo === undefined ? [`${entryId} ${missedDrawId} ${userId}`] : [],
    ),
  );
  return [...byKey(user, userOf)].flatMap(([userId, events]) => {
    const account: Account = { coupons: 0, recentIds: [], refunded: new Set() };
    // What follows the first wrong step is wrong as well.
    for (const settled of events) {
      const wrong = stepIsWrong(account, settled, granted);
      if (wrong) return [`user ${userId}, event ${settled.id}: ${wrong}`];
    }
    return [];
  });
}

/** Applies one event to the account. @returns what is wrong with its outcome */
function stepIsWrong(
  account: Account,
  { decoded: { event }, outcome }: SettledEvent<UserEvent>,
  granted: ReadonlySet<string>,
): string | undefined {
  const isDuplicate = wasApplied(account, event);
  if (outcome.type === 'EventRejectedEvent') {
    if ((outcome.reason === 'DUPLICATE_EVENT') !== isDuplicate)
      return isDuplicate
        ? `applied before, but rejected as ${outcome.reason}`
        : 'no duplicate of an event before it';
    return rejectionIsWrong(account, event, outcome.reason, granted);
  }
  if (isDuplicate) return 'it was applied before, and was applied again';
  account.coupons += changeOf(event);
  remember(account, event);
  if (account.coupons < 0) return `it leaves ${account.coupons} coupons`;
  const said = 'availableCoupons' in outcome ? outcome.availableCoupons : undefined;
  return said === account.coupons
    ? undefined
    : `it leaves ${account.coupons} coupons, the outcome says ${said}`;
}

function wasApplied({ recentIds, refunded }: Account, event: UserEvent): boolean {
  if (event.type === 'CouponRefundEvent') return refunded.has(event.entryId);
  return event.eventId !== undefined && recentIds.includes(event.eventId);
}

function remember(account: Account, event: UserEvent): void {
  if (event.type === 'CouponRefundEvent') account.refunded.add(event.entryId);
  else if (event.eventId !== undefined)
    account.recentIds = [...account.recentIds, event.eventId].slice(-recentIdLimit);
}

function changeOf(event: UserEvent): number {
  if (event.type === 'UserBuyCouponEvent') return event.purchasedCoupons;
  return event.type === 'UserClickEvent' ? -1 : 1;
}

/**
 * Whether a lottery took clicks at that moment cannot be told from outside (the functions may remember an active one
 * for a second): LOTTERY_INACTIVE stays unchecked here, and the order of time and lottery before coupons with it.
 */
function rejectionIsWrong(
  { coupons }: Account,
  event: UserEvent,
  reason: string,
  granted: ReadonlySet<string>,
): string | undefined {
  switch (reason) {
    case 'NO_COUPON':
      return coupons > 0 ? `rejected for want of a coupon, with ${coupons}` : undefined;
    case 'COUPON_LIMIT_EXCEEDED':
      return coupons + changeOf(event) > maximumCoupons
        ? undefined
        : `over the limit with ${coupons} coupons`;
    case 'REFUND_UNKNOWN': {
      if (event.type !== 'CouponRefundEvent') return undefined;
      const isGranted = granted.has(`${event.entryId} ${event.drawId} ${event.userId}`);
      return isGranted ? 'a refund that is stored was rejected' : undefined;
    }
    default:
      return undefined;
  }
}

/** A run of a lottery, as its events tell. */
interface RunHistory {
  run: number;
  stopped: boolean;
  /** It ends by itself, nobody knows when. */
  hasPrizes: boolean;
}

/** Runs are numbered from 1; a start is taken where no run is under way; a stop is taken by a run that takes clicks. */
export function everyLotteryHistoryIsRight({ lottery }: Settlement): string[] {
  return [...byKey(lottery, lotteryOf)].flatMap(([lotteryId, events]) => {
    let history: RunHistory = { run: 0, stopped: true, hasPrizes: false };
    for (const settled of events) {
      const wrong = lotteryStepIsWrong(history, settled);
      if (wrong) return [`lottery ${lotteryId}, event ${settled.id}: ${wrong}`];
      history = after(history, settled);
    }
    return [];
  });
}

function lotteryStepIsWrong(
  { run, stopped, hasPrizes }: RunHistory,
  { decoded: { event }, outcome }: SettledEvent<LotteryEvent>,
): string | undefined {
  if (outcome.type === 'LotteryStartedEvent') {
    if (outcome.run !== run + 1) return `it started run ${outcome.run} after run ${run}`;
    return stopped || hasPrizes
      ? undefined
      : `it started run ${outcome.run}, and nothing had ended run ${run}`;
  }
  if (outcome.type === 'LotteryStoppedEvent') {
    if (outcome.run !== run) return `it stopped run ${outcome.run} in run ${run}`;
    return stopped ? `it stopped run ${run}, which was not active` : undefined;
  }
  if (event.type === 'LotteryStartEvent')
    return run === 0 ? 'rejected as started before, and it was the first' : undefined;
  return stopped || hasPrizes ? undefined : `rejected as inactive in run ${run}, which nothing had ended`;
}

function after(history: RunHistory, { decoded: { event }, outcome }: SettledEvent<LotteryEvent>): RunHistory {
  if (outcome.type === 'LotteryStartedEvent') {
    const hasPrizes = event.type === 'LotteryStartEvent' && event.prizes !== undefined;
    return { run: outcome.run, stopped: false, hasPrizes };
  }
  return outcome.type === 'LotteryStoppedEvent' ? { ...history, stopped: true } : history;
}
