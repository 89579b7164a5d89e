import {
  forEachEvent,
  lotteryEvents,
  type Shape,
  type StreamedEvent,
  type StreamedLotteryEvent,
} from './events.ts';
import { mix } from './mix.ts';

/**
 * What must come of the events, by the rules that the job has (Rules.java), which are the product's: a test holds this page
 * against its core, and each run of the job is held against this page.
 */

export const codes = [
  'bought',
  'accepted',
  'started',
  'stopped',
  'LOTTERY_ALREADY_STARTED',
  'INVALID_COUPON_AMOUNT',
  'LOTTERY_INACTIVE',
  'NO_COUPON',
  'TIMESTAMP_OUT_OF_RANGE',
  'COUPON_LIMIT_EXCEEDED',
] as const;
export type Code = (typeof codes)[number];

export interface Draw {
  readonly lotteryId: number;
  readonly run: number;
  readonly windowStart: number;
  readonly prize: string;
  entries: number;
  winningPosition: number;
  winningUserId: number;
  /** Sum of all priorities, 32 bits. */
  digest: number;
}

export interface Expected {
  /** By code, in their order. */
  readonly counts: readonly number[];
  /** Of all outcomes with their balances, 32 bits. */
  readonly digest: number;
  /** By lottery, run and window. */
  readonly draws: readonly Draw[];
}

export interface Run {
  readonly run: number;
  readonly startedAt: number;
  readonly first: number;
  last: number;
  isStopped: boolean;
  readonly prizes: readonly string[] | undefined;
}

/** What became of a user's event; `windowStart` and `run` of an accepted click. */
export interface Outcome {
  readonly code: Code;
  readonly availableCoupons: number;
  readonly windowStart?: number;
  readonly run?: Run;
}

export const timing = { windowMs: 10_000, graceMs: 2_000 };
export const toleranceMs = 120_000;
const marginMs = 250;
const maximumCoupons = 2 ** 52;
const { windowMs, graceMs } = timing;

/** Is told what became of each event. */
export interface Listener {
  readonly user?: (event: StreamedEvent, outcome: Outcome) => void;
  /** `run`: the lottery's last one, after the event. */
  readonly lottery?: (event: StreamedLotteryEvent, code: Code, run: Run | undefined) => void;
}

export function expect(shape: Shape, { user, lottery }: Listener = {}): Expected {
  const counts: number[] = codes.map(() => 0);
  const count = (code: Code) => {
    const index = codes.indexOf(code);
    counts[index] = (counts[index] ?? 0) + 1;
    return index;
  };
  const runs = new Map<number, Run[]>();
  let digest = 0;
  const settle = (position: number, code: Code, coupons: number) => {
    digest = (digest + mix(position ^ mix((count(code) + Math.imul(31, coupons)) | 0))) | 0;
  };
  for (const sent of lotteryEvents(shape)) {
    if (sent.event.type === 'Heartbeat') continue;
    const code = decideLottery(runs, sent);
    settle(sent.position, code, 0);
    lottery?.(sent, code, runs.get(Number(sent.event.lotteryId))?.at(-1));
  }
  const draws = new Map<string, Draw & { priority: number }>();
  const balances = new Float64Array(shape.users);
  forEachEvent(shape, (event) => {
    const outcome = decide(event, balances[event.userId] ?? 0, runs.get(event.lotteryId));
    balances[event.userId] = outcome.availableCoupons;
    settle(event.position, outcome.code, outcome.availableCoupons);
    enter(draws, event, outcome);
    user?.(event, outcome);
  });
  return { counts, digest: digest >>> 0, draws: [...draws.values()].map(({ priority: _, ...draw }) => draw) };
}

function decideLottery(all: Map<number, Run[]>, { event, arrival }: StreamedLotteryEvent): Code {
  const lotteryId = Number(event.lotteryId);
  const runs = all.get(lotteryId) ?? [];
  const current = runs.at(-1);
  const isOver = current === undefined || arrival >= current.last + windowMs + graceMs + marginMs;
  if (event.type === 'LotteryStartEvent') {
    if (!isOver) return 'LOTTERY_ALREADY_STARTED';
    const prizes = event.prizes as readonly string[] | undefined;
    const first = windowOf(Number(event.timestamp ?? arrival));
    const last = prizes === undefined ? Number.POSITIVE_INFINITY : first + (prizes.length - 1) * windowMs;
    const run = { run: runs.length + 1, startedAt: arrival, first, last, isStopped: false, prizes };
    all.set(lotteryId, [...runs, run]);
    return 'started';
  }
  if (isOver || current.isStopped) return 'LOTTERY_INACTIVE';
  current.isStopped = true;
  current.last = Math.min(current.last, windowOf(arrival));
  return 'stopped';
}

function decide(event: StreamedEvent, coupons: number, runs: readonly Run[] | undefined): Outcome {
  const rejected = (code: Code): Outcome => ({ code, availableCoupons: coupons });
  if (!event.isClick) {
    if (event.purchasedCoupons < 1) return rejected('INVALID_COUPON_AMOUNT');
    const availableCoupons = coupons + event.purchasedCoupons;
    return availableCoupons > maximumCoupons
      ? rejected('COUPON_LIMIT_EXCEEDED')
      : { code: 'bought', availableCoupons };
  }
  const { arrival, timestamp } = event;
  if (Math.abs(timestamp - arrival) > toleranceMs) return rejected('TIMESTAMP_OUT_OF_RANGE');
  const run = runs?.findLast(({ startedAt }) => startedAt <= arrival);
  const own = windowOf(timestamp);
  const isOwn = own - graceMs <= arrival && arrival <= own + windowMs + graceMs;
  const windowStart = isOwn ? own : windowOf(arrival);
  if (run === undefined || own < run.first || windowStart < run.first || windowStart > run.last)
    return rejected('LOTTERY_INACTIVE');
  return coupons < 1
    ? rejected('NO_COUPON')
    : { code: 'accepted', availableCoupons: coupons - 1, windowStart, run };
}

/** An accepted click takes part in its draw. */
function enter(
  draws: Map<string, Draw & { priority: number }>,
  { lotteryId, position, userId }: StreamedEvent,
  { windowStart, run }: Outcome,
): void {
  if (windowStart === undefined || run === undefined) return;
  const seed = mix(lotteryId + mix(run.run + mix((windowStart / windowMs) | 0)));
  const priority = mix(position ^ seed) >>> 0;
  const id = `${lotteryId}@${windowStart}#${run.run}`;
  const draw = draws.get(id);
  if (draw === undefined) {
    const prize = run.prizes?.[(windowStart - run.first) / windowMs] ?? '';
    const won = { winningPosition: position, winningUserId: userId, priority };
    draws.set(id, { lotteryId, run: run.run, windowStart, prize, entries: 1, digest: priority, ...won });
    return;
  }
  draw.entries += 1;
  draw.digest = (draw.digest + priority) >>> 0;
  if (priority >= draw.priority) return;
  Object.assign(draw, { winningPosition: position, winningUserId: userId, priority });
}

function windowOf(time: number): number {
  return Math.floor(time / windowMs) * windowMs;
}
