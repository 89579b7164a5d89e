import { createHmac, hash } from 'node:crypto';
import { hasWindow, type Lotteries, type Run } from './lotteries.ts';
import type { Settings } from './oracle.ts';
import { drawIdOf, drawOf, type Said, says, wire } from './streams.ts';

export interface Draw {
  lotteryId: string;
  run: number;
  windowStart: number;
  /** User by entry: receipts, and what was moved into it. */
  entries: Map<string, string>;
  /** What left it for coming too late. */
  exits: Said[];
  winners: Said[];
}

/** All draws that output events name. */
export function drawsOf(said: readonly Said[]): Map<string, Draw> {
  const draws = new Map<string, Draw>();
  const draw = ({ lotteryId }: Said, drawId: string): Draw => {
    const { windowStart = 0, run = 0 } = drawOf(lotteryId, drawId) ?? {};
    const found = draws.get(drawId) ?? {
      lotteryId,
      run,
      windowStart,
      entries: new Map(),
      exits: [],
      winners: [],
    };
    draws.set(drawId, found);
    return found;
  };
  for (const each of said) {
    const { type, drawId, fromDrawId, entryId, userId } = each;
    const isMove = type === 'EntryMovedEvent';
    if (isMove || type === 'ClickAcceptedEvent') draw(each, drawId).entries.set(entryId, userId);
    if (isMove || type === 'CouponRefundedEvent') draw(each, isMove ? fromDrawId : drawId).exits.push(each);
    if (type === 'LotteryWinnerEvent') draw(each, drawId).winners.push(each);
  }
  return draws;
}

/** What is wrong with a draw: the lowest priority wins, but for those that came late (freedom 2 in oracle.ts). */
export function wrongWith(drawId: string, draw: Draw, lotteries: Lotteries, settings: Settings): string[] {
  const { lotteryId, windowStart, entries, exits } = draw;
  const { windowMs, graceMs, slackMs, until } = settings;
  const [winner, ...others] = draw.winners;
  const dueAt = windowStart + windowMs + graceMs - slackMs;
  const run = lotteries.run(lotteryId, draw.run);
  if (others.length > 0) return ['it has different winners'];
  if (!winner) return dueAt + 2 * slackMs < until ? [`it has ${entries.size} entries and no winner`] : [];
  if (!run) return ['its run never started'];
  const key = Buffer.from(run.seed ?? '', 'hex');
  const derived = createHmac('sha256', key).update(`${lotteryId}:${windowStart}`).digest('hex');
  // Until its run has ended nobody but the draw function knows it.
  const windowSeed = run.seed === undefined ? winner.windowSeed : derived;
  const rank = (entryId: string) => hash('sha256', `${windowSeed}:${entryId}`);
  const priority = rank(winner.entryId);
  const late = new Set(exits.map(({ entryId }) => entryId));
  const limit = [priority, ...[...late].map(rank)].reduce((low, next) => (next < low ? next : low));
  const better = [...entries.keys()].filter((entryId) => !late.has(entryId) && rank(entryId) < limit);
  const prize = run.prizes?.[(windowStart - run.windows[0]) / windowMs];
  const { type, entryId, entries: count } = winner;
  const ids = {
    type,
    drawId,
    lotteryId: wire(lotteryId),
    run: run.run,
    userId: wire(entries.get(entryId) ?? ''),
    entryId,
  };
  const expected = {
    ...ids,
    windowStart,
    windowEnd: windowStart + windowMs,
    entries: count,
    priority,
    windowSeed,
    prize,
  };
  const isEntry = entries.has(entryId) && !late.has(entryId) && Number.isSafeInteger(count) && count > 0;
  return [
    ...(isEntry && says(winner, expected)
      ? []
      : [`it was won as it could not be: ${JSON.stringify(winner.json)}`]),
    ...better.map((one) => `entry ${one} should have won it`),
    ...(winner.at < dueAt ? ['it was made before its window was over by its grace'] : []),
    ...(late.size < exits.length ? ['an entry left it twice'] : []),
    ...exits.flatMap((exit) => {
      const isLate =
        rank(exit.entryId) < priority && entries.get(exit.entryId) === exit.userId && exit.at >= dueAt;
      return isLate && mayGo(exit, run, dueAt, settings)
        ? []
        : [`an entry left it as it could not: ${JSON.stringify(exit.json)}`];
    }),
  ];
}

/** To the window of a time after the draw, where the run had that window; else back to the user. */
function mayGo(exit: Said, run: Run, dueAt: number, { windowMs, slackMs }: Settings): boolean {
  const { type, lotteryId, windowStart, fromDrawId, userId, entryId, at } = exit;
  if (type === 'CouponRefundedEvent')
    return run.lastWindow < Infinity && at + slackMs >= run.lastWindow + windowMs;
  const drawId = drawIdOf(lotteryId, run.run, windowStart);
  const moved = {
    type,
    userId: wire(userId),
    lotteryId: wire(lotteryId),
    entryId,
    fromDrawId,
    drawId,
    windowStart,
  };
  // What was settled before the stop was known may lie behind it.
  const isOpen = windowStart <= run.lastWindow || windowStart <= run.stopped[1] + slackMs;
  const isThen = windowStart + windowMs > dueAt && windowStart <= Math.min(at, run.ended[1]) + slackMs;
  return hasWindow(run, windowStart) && isOpen && isThen && windowStart % windowMs === 0 && says(exit, moved);
}

/** A run that was stopped, or has prizes, ends once its last window and all that has entries are drawn. */
export function neverEnded(
  lotteries: Lotteries,
  draws: ReadonlyMap<string, Draw>,
  settings: Settings,
): string[] {
  const { windowMs, graceMs, slackMs, until } = settings;
  return lotteries.all.flatMap(({ lotteryId, run, started, stopped, lastWindow, prizes = [], seed }) => {
    const isOfRun = (draw: Draw) => draw.lotteryId === lotteryId && draw.run === run;
    const windows = [...draws.values()].filter(isOfRun).map(({ windowStart }) => windowStart);
    // A start that is older than its arrival is given the time of all its windows again.
    const since = Math.min(stopped[0], started[0] + prizes.length * windowMs);
    const dueAt =
      Math.max(since, ...[lastWindow, ...windows].map((start) => start + windowMs)) + graceMs + slackMs;
    return seed === undefined && dueAt < until ? [`run ${run} of lottery ${lotteryId} never ended`] : [];
  });
}
