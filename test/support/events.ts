import type { BeaconChain } from '../../lambda/core/beacon.ts';
import type { LotteryStartEvent, LotteryStopEvent, UserEvent } from '../../lambda/core/events.ts';
import { lotteryEventSchemas, userEventSchemas } from '../../lambda/core/events.ts';
import { seedCommitment } from '../../lambda/core/fairness.ts';
import type { LotteryRun, SeededRun } from '../../lambda/core/lottery.ts';
import type { Receipt } from '../../lambda/core/receipt.ts';
import type { UserContext } from '../../lambda/core/user.ts';
import type { OutputContext } from '../../lambda/core/user-outputs.ts';
import * as sent from './client-events.ts';
import { receiptKey } from './receipt-key.ts';

export { receiptKey };

/** Events as the schemas leave what clients send, with ids that are strings; and lotteries. */

export const windowMs = 10_000;
export const graceMs = 2_000;
export const marginMs = 250;
export const retentionMs = 25 * 3_600_000;
/** A chain of nobody's: rounds of 3 s from the epoch on. */
export const beacon: BeaconChain = {
  chainHash: 'be'.repeat(32),
  publicKey: 'ac'.repeat(96),
  genesisSeconds: 0,
  periodSeconds: 3,
};
/** A seed with a pattern, 32 bytes. */
export const seed = '0123456789abcdef'.repeat(4);
/** Another one, for a second run. */
export const secondSeed = 'f'.repeat(64);
/** A second run of lottery 1, with the second seed. */
export const secondRun = (fields: Partial<LotteryRun> = {}): LotteryRun =>
  activeRun({ run: 2, seedCommitment: seedCommitment(secondSeed), ...fields });

export const start = ({ lotteryId, ...fields }: Partial<LotteryStartEvent> = {}): LotteryStartEvent =>
  lotteryEventSchemas.LotteryStartEvent.parse(sent.start(lotteryId, fields));

export const stop = (fields: Partial<LotteryStopEvent> = {}): LotteryStopEvent =>
  lotteryEventSchemas.LotteryStopEvent.parse({ ...sent.stop(), ...fields });

export const buy = (purchasedCoupons: number, userId = '1', eventId?: string): UserEvent =>
  userEventSchemas.UserBuyCouponEvent.parse(sent.buy(userId, purchasedCoupons, withId(eventId)));

export const click = (timestamp: number, userId = '1', lotteryId = '1', eventId?: string): UserEvent =>
  userEventSchemas.UserClickEvent.parse(sent.click(userId, timestamp, lotteryId, withId(eventId)));

const withId = (eventId: string | undefined) => (eventId === undefined ? {} : { eventId });

export const refundOf = (entryId: string, userId = '1', drawId = '1@0', lotteryId = '1'): UserEvent => ({
  type: 'CouponRefundEvent',
  userId,
  lotteryId,
  drawId,
  entryId,
});

export const grantOf = (grantId: string, userId = '1'): UserEvent => ({
  type: 'CouponGrantEvent',
  userId,
  grantId,
});

export const activeRun = (fields: Partial<LotteryRun> = {}): LotteryRun => ({
  lotteryId: '1',
  run: 1,
  status: 'active',
  seedCommitment: seedCommitment(seed),
  receiptKey,
  windowMs,
  graceMs,
  ...fields,
});

/** The same with its seed, as those see it who draw. */
export const seededRun = (fields: Partial<LotteryRun> = {}): SeededRun => ({ ...activeRun(fields), seed });

/** Lottery 1 is active, any timestamp will do, no refunds and no grants. Arrivals count: it is no replay. */
export const userContext = (fields: Partial<UserContext> = {}): UserContext => ({
  toleranceMs: undefined,
  clockAt: () => undefined,
  now: 0,
  retentionMs,
  lottery: (lotteryId) => (lotteryId === '1' ? activeRun() : undefined),
  refund: () => undefined,
  grant: () => undefined,
  ...fields,
});

/** A receipt's form, which proves nothing. */
export const anyReceipt: Receipt = { root: '0'.repeat(64), index: 0, size: 1, path: '', signature: '' };

/** For what is told: lottery 1's first run accepted the clicks. */
export const outputContext = (toleranceMs?: number): OutputContext => ({
  toleranceMs,
  runOf: (key) => activeRun(key),
  receiptOf: () => anyReceipt,
  grantOf: () => undefined,
});
