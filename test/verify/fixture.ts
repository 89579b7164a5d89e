/** Output of a small lottery without a beacon, computed with the functions of the product: what the verifier must agree with. */
import { priority, seedCommitment, windowSeed } from '../../lambda/core/fairness.ts';
import { verify } from '../../verify/verify.ts';
import { batchOf, ReceiptsKey } from './support/scheme.ts';

export type Event = Record<string, unknown> & { type: string };
export type Click = { userId: number | string; entryId: string; timestamp: number; arrival?: number };

export const seed = '4f1c9a3be07d5528a6d1e4937bc2f08e5a60d7713c94be12f8056e9d21ab7c43';
export const firstWindow = 1_700_000_000_000;
export const windowMs = 10_000;
export const graceMs = 2_000;
export const prizes = ['bike', 'tent', 'book'];

const key = new ReceiptsKey();

export const drawId = (window: number, run = 1) =>
  `1@${firstWindow + window * windowMs}${run === 1 ? '' : `#${run}`}`;

/** `count` clicks in a window, lowest priority first. */
export function clicksOf(window: number, count: number): Click[] {
  const start = firstWindow + window * windowMs;
  return Array.from({ length: count }, (_, index) => ({
    userId: index % 2 === 0 ? index : `user ${index}`,
    entryId: `shardId-000000000000:${window}${String(index).padStart(55, '0')}`,
    timestamp: start + index * 100,
  })).sort((a, b) => (priorityIn(window, a) < priorityIn(window, b) ? -1 : 1));
}

export function priorityIn(window: number, { entryId }: { entryId: string }): string {
  return priority(seedOf(window), entryId);
}

const seedOf = (window: number) => windowSeed(seed, '1', firstWindow + window * windowMs);

export const started = (run = 1): Event => ({
  type: 'LotteryStartedEvent',
  lotteryId: 1,
  run,
  seedCommitment: seedCommitment(seed),
  windowMs,
  graceMs,
  prizes,
  firstWindowStart: firstWindow,
  receiptKey: key.publicKey,
  randomness: 'seed',
});

/** In a window: its last one. */
export const stopped = (window: number, run = 1): Event => ({
  type: 'LotteryStoppedEvent',
  lotteryId: 1,
  run,
  lastWindowStart: firstWindow + window * windowMs,
});

export const ended = (run = 1): Event => ({
  type: 'LotteryEndedEvent',
  lotteryId: 1,
  run,
  seed,
  seedCommitment: seedCommitment(seed),
});

/** Of a click that arrived at once, and was alone in its batch. */
export function receipt(window: number, click: Click, run = 1): Event {
  const windowStart = firstWindow + window * windowMs;
  return {
    type: 'ClickAcceptedEvent',
    arrival: click.timestamp,
    ...click,
    lotteryId: 1,
    drawId: drawId(window, run),
    windowStart,
    windowEnd: windowStart + windowMs,
    availableCoupons: 7,
    receipt: batchOf(key, { [drawId(window, run)]: [[click.entryId, String(click.userId)]] })[0]?.receipts[0],
  };
}

export function refunded(from: number, { userId, entryId }: Click): Event {
  return {
    type: 'CouponRefundedEvent',
    lotteryId: 1,
    userId,
    entryId,
    drawId: drawId(from),
    availableCoupons: 8,
  };
}

/** Announces `click` as the winner of a window, with the numbers that belong to it. */
export function won(window: number, click: Click | undefined, run = 1, entries = 5): Event {
  if (click === undefined) throw new Error('a draw needs a winner');
  const windowStart = firstWindow + window * windowMs;
  return {
    type: 'LotteryWinnerEvent',
    drawId: drawId(window, run),
    lotteryId: 1,
    run,
    userId: click.userId,
    windowStart,
    windowEnd: windowStart + windowMs,
    entries,
    entryId: click.entryId,
    priority: priorityIn(window, click),
    windowSeed: seedOf(window),
    prize: prizes[window],
    // Of neither a close nor a sheet that the file has.
    windowRoot: 'cd'.repeat(32),
    sheet: 'ef'.repeat(32),
  };
}

/** A whole run: three windows of five clicks, the best of each wins. */
export function wholeRun(run = 1): Event[] {
  const windows = [0, 1, 2].flatMap((window) => {
    const clicks = clicksOf(window, 5).map((click) => ({ ...click, entryId: `${click.entryId}/${run}` }));
    const best = clicks.toSorted((a, b) => (priorityIn(window, a) < priorityIn(window, b) ? -1 : 1))[0];
    return [...clicks.map((click) => receipt(window, click, run)), won(window, best, run)];
  });
  return [started(run), ...windows, ended(run)];
}

/** The lines of a file that holds these events. */
export const linesOf = (events: readonly Event[]) => events.map((event) => JSON.stringify(event));

export async function check(events: readonly Event[]) {
  const { text, ...counts } = await verify(linesOf(events));
  return { ...counts, text: text.join('\n') };
}

/** Changes the first event of a type. */
export function change(events: readonly Event[], type: string, fields: Record<string, unknown>): Event[] {
  const index = events.findIndex((event) => event.type === type);
  if (index === -1) throw new Error(`no ${type} to change`);
  return events.map((event, at) => (at === index ? { ...event, ...fields } : event));
}

export const without = (events: readonly Event[], type: string) =>
  events.filter((event) => event.type !== type);
