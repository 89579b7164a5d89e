import type { Settings } from './oracle.ts';
import { hasWindow, mayBeActive, mayRefuse, type Run, windowOf } from './runs.ts';
import { drawIdOf, drawOf, type Event, echoOf, type InputRecord, type Json, type Said } from './streams.ts';

/** A record of an input stream, what is in it, and what became of it. */
export type Settled<What = Event> = InputRecord & { id: string; json?: Json; event: What; said: Said };
/** An outcome that an event may have, and the state after it. */
export type May<State> = { event: Json; next: State };
/** All that may be. @param runs of the lottery that the event names */
type Rule<State> = (state: State, settled: Settled, runs: readonly Run[], settings: Settings) => May<State>[];

/** The rejection for a reason. It names the field to blame, or a part of it, where one is. */
export function rejection({ id, data, json, said }: Settled<unknown>, reason: string, ...blamed: string[]) {
  if (said.reason !== reason) return { reason };
  const field = blamed.includes(`${said.field}`.split('.')[0] ?? '') ? said.field : blamed[0];
  const message = `${said.json.message}`;
  return { type: 'EventRejectedEvent', reason, message, field, recordId: id, ...echoOf(data, json) };
}

export type Lottery = { run: number; status: 'active' | 'stopped' | 'ended' };
export const newLottery: Lottery = { run: 0, status: 'ended' };

/** What may become of a start or stop. Nobody but the draw function knows when a run ended. */
export const ofLottery: Rule<Lottery> = (state, settled, runs, settings) => {
  const { id: recordId, arrival, said } = settled;
  const { type, lotteryId, prizes, timestamp = arrival } = settled.event;
  const isActive = state.status === 'active';
  const run = runs.find((one) => one.run === state.run && state.status !== 'ended');
  const isEnded = !run || (run.ended.first <= said.at + settings.slackMs && (!isActive || !!run.prizes));
  const isOpen = run && arrival <= run.ended.last + settings.slackMs;
  const may = (isIt: boolean | undefined, event: Json, next: Lottery) => (isIt ? [{ event, next }] : []);
  if (type === 'LotteryStartEvent') {
    const next: Lottery = { run: state.run + 1, status: 'active' };
    const windows = prizes && { prizes, firstWindowStart: windowOf(timestamp, settings) };
    const ids = { type: 'LotteryStartedEvent', lotteryId, run: next.run, recordId };
    return [
      ...may(isEnded, { ...ids, seedCommitment: said.seedCommitment, ...windows }, next),
      ...may(isOpen, rejection(settled, 'LOTTERY_ALREADY_STARTED'), state),
    ];
  }
  const lastWindowStart = Math.min(run?.last ?? 0, windowOf(arrival, settings));
  const stopped = { type: 'LotteryStoppedEvent', lotteryId, run: state.run, recordId, lastWindowStart };
  const inactive = rejection(settled, 'LOTTERY_INACTIVE');
  return [
    ...may(isOpen && isActive, stopped, { ...state, status: 'stopped' }),
    ...may(isEnded || !isActive, inactive, isActive ? { ...state, status: 'ended' } : state),
  ];
};

/** The event ids that were applied last, oldest first; and what went back, by entry and draw. */
export type User = { coupons: number; recentIds: readonly string[]; refunded: readonly string[] };
export const newUser: User = { coupons: 0, recentIds: [], refunded: [] };

/** What may become of a purchase, click or refund. */
export const ofUser: Rule<User> = (user, settled, runs, settings) => {
  const { id: recordId, arrival, said, event } = settled;
  const { type, userId, lotteryId, drawId, entryId, eventId, timestamp, purchasedCoupons } = event;
  const { windowMs, graceMs, slackMs, retentionMs, toleranceMs = Infinity } = settings;
  const reject = (...reason: [string, ...string[]]) => ({ event: rejection(settled, ...reason), next: user });
  const apply = (done: string, change: number, more: object, refund: readonly string[] = []) => {
    const coupons = user.coupons + change;
    const recentIds = eventId ? [...user.recentIds, eventId].slice(-32) : user.recentIds;
    const next = { coupons, recentIds, refunded: [...user.refunded, ...refund] };
    return { event: { type: done, userId, availableCoupons: coupons, ...more }, next };
  };
  if (eventId && user.recentIds.includes(eventId)) return [reject('DUPLICATE_EVENT', 'eventId')];
  if (type === 'UserBuyCouponEvent') {
    if (purchasedCoupons < 1) return [reject('INVALID_COUPON_AMOUNT', 'purchasedCoupons')];
    const bought = apply('CouponsBoughtEvent', purchasedCoupons, { purchasedCoupons, recordId });
    return [bought.next.coupons > 2 ** 52 ? reject('COUPON_LIMIT_EXCEEDED', 'purchasedCoupons') : bought];
  }
  if (type === 'CouponRefundEvent') {
    // It is honoured for two retentions after it was granted, which was after its draw. Freedom 4 in oracle.ts.
    const isOld = said.at > (drawOf(lotteryId, drawId)?.windowStart ?? 0) + windowMs + 2 * retentionMs;
    const refund = `${entryId} ${drawId}`;
    const isKnown = user.refunded.includes(refund);
    const ids = { lotteryId, entryId, drawId, recordId };
    return [
      isKnown ? reject('DUPLICATE_EVENT', 'entryId') : apply('CouponRefundedEvent', 1, ids, [refund]),
      ...(isKnown && !isOld ? [] : [reject('REFUND_UNKNOWN')]),
    ];
  }
  if (Math.abs(timestamp - arrival) > toleranceMs) return [reject('TIMESTAMP_OUT_OF_RANGE', 'timestamp')];
  // Where its own window was over by its grace when it came, a click is in that of its arrival.
  const own = windowOf(timestamp, settings);
  const isOver = toleranceMs < Infinity && arrival > own + windowMs + graceMs;
  const windowStart = isOver ? windowOf(arrival, settings) : own;
  const refusals = mayRefuse(runs, windowStart, said, slackMs) ? [reject('LOTTERY_INACTIVE')] : [];
  const taking = runs.filter((run) => hasWindow(run, windowStart) && mayBeActive(run, said, slackMs));
  if (taking.length > 0 && user.coupons < 1) return [...refusals, reject('NO_COUPON')];
  const accepted = taking.map(({ run }) => {
    const ids = { lotteryId, drawId: drawIdOf(lotteryId, run, windowStart), entryId: recordId };
    return apply('ClickAcceptedEvent', -1, { ...ids, timestamp, windowStart });
  });
  return [...refusals, ...accepted];
};
