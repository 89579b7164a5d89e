import { type Run, runsFor, windowOf } from './runs.ts';
import { drawIdOf, type Event, echoOf, type InputRecord, latestTime, type Said } from './streams.ts';
import type { Timed } from './time.ts';

/** A record of an input stream, its shard's clock with it, what is in it, and what became of it. */
export type Settled<What = Event> = InputRecord & { id: string; clock: number; event: What; said: Said };
/** An outcome that an event may have, and the state after it. */
export type May<State> = { event: object; next: State };
/** All that may be. @param runs of the lottery that the event names */
type Rule<State> = (state: State, settled: Settled, runs: readonly Run[], settings: Timed) => May<State>[];

/** The rejection for a reason. It names the field to blame, or a part of it, where one is. */
export function rejection({ id, data, said }: Settled<unknown>, reason: string, ...blamed: string[]): object {
  if (said.reason !== reason) return { reason };
  const field = blamed.includes(`${said.field}`.split('.')[0] ?? '') ? said.field : blamed[0];
  const message = `${said.json.message}`;
  return { type: 'EventRejectedEvent', reason, message, field, recordId: id, ...echoOf(data) };
}

export type Lottery = { run: number; status: 'active' | 'stopped' | 'ended' };
export const newLottery: Lottery = { run: 0, status: 'ended' };

/** What may become of a start or stop. Nobody but the draw function knows when a run ended. */
export const ofLottery: Rule<Lottery> = (state, settled, runs, settings) => {
  const { id: recordId, arrival, said } = settled;
  const { type, lotteryId, prizes, timestamp } = settled.event;
  const { windowMs, graceMs, slackMs } = settings;
  const isReplay = settings.toleranceMs === undefined;
  const isActive = state.status === 'active';
  const ended: Lottery = { ...state, status: 'ended' };
  const run = runs.find((one) => one.run === state.run && state.status !== 'ended');
  const isEnded = !run || (run.ended.first <= said.at + slackMs && (!isActive || !!run.prizes));
  const isOpen = run && arrival <= run.ended.last + slackMs;
  const may = (isSo: unknown, event: object, next: Lottery) => (isSo ? [{ event, next }] : []);
  if (type === 'LotteryStartEvent') {
    const next: Lottery = { run: state.run + 1, status: 'active' };
    const first = windowOf(timestamp ?? arrival, windowMs);
    const isOver = prizes && !isReplay && arrival > first + prizes.length * windowMs + graceMs;
    const firstWindowStart = isReplay && !prizes && timestamp === undefined ? undefined : first;
    const ids = { type: 'LotteryStartedEvent', lotteryId, run: next.run, recordId };
    const windows = { windowMs, graceMs, firstWindowStart, prizes, replay: isReplay || undefined };
    // Whether receipts and draws are checked with them, proof/audit says.
    const { receiptKey, beacon, randomness } = said.json;
    const fixed = { seedCommitment: said.seedCommitment, receiptKey, beacon, randomness };
    return [
      ...may(isEnded && !isOver, { ...ids, ...fixed, ...windows }, next),
      ...may(isEnded && isOver, rejection(settled, 'TIMESTAMP_OUT_OF_RANGE', 'timestamp'), ended),
      ...may(isOpen, rejection(settled, 'LOTTERY_ALREADY_STARTED'), state),
    ];
  }
  const stopTime = isReplay ? (timestamp ?? latestTime) : arrival;
  const lastWindowStart = Math.min(run?.last ?? 0, windowOf(stopTime, run?.windowMs ?? 1));
  const stopped = { type: 'LotteryStoppedEvent', lotteryId, run: state.run, recordId, lastWindowStart };
  return [
    ...may(isOpen && isActive, stopped, { ...state, status: 'stopped' }),
    ...may(isEnded || !isActive, rejection(settled, 'LOTTERY_INACTIVE'), isActive ? ended : state),
  ];
};

/** The event ids that were applied last, oldest first; what went back, by entry and draw, and what was granted. */
export type User = { coupons: number } & Record<'recentIds' | 'refunded' | 'granted', readonly string[]>;
export const newUser: User = { coupons: 0, recentIds: [], refunded: [], granted: [] };

/** What may become of a purchase, click, refund or grant. */
export const ofUser: Rule<User> = (user, settled, runs, settings) => {
  const { id: recordId, arrival, clock, said, event } = settled;
  const { type, userId, lotteryId, drawId, entryId, eventId, grantId, timestamp, purchasedCoupons } = event;
  const { toleranceMs = Infinity, redriven, grants, slackMs } = settings;
  const reject = (...reason: [string, ...string[]]) => ({ event: rejection(settled, ...reason), next: user });
  const apply = (done: string, change: number, more: object, given: Partial<User> = {}) => {
    const coupons = user.coupons + change;
    const recentIds = eventId ? [...user.recentIds, eventId].slice(-32) : user.recentIds;
    const next = { ...user, coupons, recentIds, ...given };
    return { event: { type: done, userId, availableCoupons: coupons, ...more }, next };
  };
  if (eventId && user.recentIds.includes(eventId)) return [reject('DUPLICATE_EVENT', 'eventId')];
  if (type === 'UserBuyCouponEvent') {
    if (purchasedCoupons < 1) return [reject('INVALID_COUPON_AMOUNT', 'purchasedCoupons')];
    const bought = apply('CouponsBoughtEvent', purchasedCoupons, { purchasedCoupons, recordId });
    return [bought.next.coupons > 2 ** 52 ? reject('COUPON_LIMIT_EXCEEDED', 'purchasedCoupons') : bought];
  }
  if (type === 'CouponRefundEvent') {
    // Freedom 4 in oracle.ts.
    const refund = `${entryId} ${drawId}`;
    const isKnown = user.refunded.includes(refund);
    const ids = { lotteryId, entryId, drawId, recordId };
    return [
      isKnown
        ? reject('DUPLICATE_EVENT', 'entryId')
        : apply('CouponRefundedEvent', 1, ids, { refunded: [...user.refunded, refund] }),
      ...(isKnown ? [] : [reject('REFUND_UNKNOWN')]),
    ];
  }
  if (type === 'CouponGrantEvent') {
    const grant = grants?.get(grantId);
    const isTheirs = grant?.userId === userId && grant.from <= said.at + slackMs;
    // Freedom 5 in oracle.ts.
    const unknown = isTheirs && arrival > grant.until + slackMs ? [] : [reject('GRANT_UNKNOWN')];
    if (!isTheirs) return unknown;
    if (user.granted.includes(grantId)) return [reject('DUPLICATE_EVENT', 'grantId')];
    const { coupons, reason } = grant;
    const told = { grantId, coupons, reason, recordId };
    const given = apply('CouponsGrantedEvent', coupons, told, { granted: [...user.granted, grantId] });
    return [given.next.coupons > 2 ** 52 ? reject('COUPON_LIMIT_EXCEEDED', 'grantId') : given, ...unknown];
  }
  if (Math.abs(timestamp - arrival) > toleranceMs) return [reject('TIMESTAMP_OUT_OF_RANGE', 'timestamp')];
  const click = { timestamp, arrival, clock, at: said.at, isRedriven: !!redriven?.has(recordId) };
  const { taking, mayRefuse } = runsFor(click, runs, settings);
  const refusals = mayRefuse ? [reject('LOTTERY_INACTIVE')] : [];
  if (taking.length > 0 && user.coupons < 1) return [...refusals, reject('NO_COUPON')];
  const accepted = taking.map(({ run, window: windowStart }) => {
    const ids = { lotteryId, drawId: drawIdOf(lotteryId, run.run, windowStart), entryId: recordId };
    const times = { timestamp, arrival, windowStart, windowEnd: windowStart + run.windowMs };
    return apply('ClickAcceptedEvent', -1, { ...ids, ...times });
  });
  return [...refusals, ...accepted];
};
