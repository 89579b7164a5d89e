import { createHmac, hash } from 'node:crypto';
import { hasWindow, type Lotteries, type Run } from './lotteries.ts';
import type { Settings } from './oracle.ts';
import { drawIdOf, drawOf, type Said, says } from './streams.ts';

/** A draw's entries with their users, by receipt or by move; what left it for coming too late; who won. */
type Draw = {
  drawId: string;
  lotteryId: string;
  entries: Map<string, string>;
  exits: Said[];
  winners: Said[];
};

/** What is wrong with draws and the ends of runs: the lowest priority wins, but for late ones (freedom 2 in oracle.ts). */
export function wrongDraws(said: readonly Said[], lotteries: Lotteries, settings: Settings): string[] {
  const draws = new Map<string, Draw>();
  const draw = ({ lotteryId }: Said, drawId: string): Draw => {
    const found = draws.get(drawId) ?? { drawId, lotteryId, entries: new Map(), exits: [], winners: [] };
    draws.set(drawId, found);
    return found;
  };
  for (const each of said) {
    const isMove = each.type === 'EntryMovedEvent';
    if (isMove || each.type === 'ClickAcceptedEvent')
      draw(each, each.drawId).entries.set(each.entryId, each.userId);
    if (isMove || each.type === 'CouponRefundedEvent')
      draw(each, isMove ? each.fromDrawId : each.drawId).exits.push(each);
    if (each.type === 'LotteryWinnerEvent') draw(each, each.drawId).winners.push(each);
  }
  const all = [...draws.values()];
  return [
    ...all.flatMap((each) =>
      wrongWith(each, lotteries, settings).map((what) => `draw ${each.drawId}: ${what}`),
    ),
    ...lotteries.all
      .filter((run) => neverEnded(run, all, settings))
      .map((run) => `run ${run.run} of lottery ${run.lotteryId} never ended`),
  ];
}

function wrongWith(
  { drawId, lotteryId, entries, exits, winners }: Draw,
  lotteries: Lotteries,
  settings: Settings,
): string[] {
  const { windowMs, graceMs, slackMs, until } = settings;
  const { windowStart = 0, run: number = 0 } = drawOf(lotteryId, drawId) ?? {};
  const [winner, ...others] = winners;
  const windowEnd = windowStart + windowMs;
  const run = lotteries.run(lotteryId, number);
  if (others.length > 0) return ['it has different winners'];
  if (!winner)
    return windowEnd + graceMs + slackMs < until ? [`it has ${entries.size} entries and no winner`] : [];
  if (!run) return ['its run never started'];
  const derived = createHmac('sha256', Buffer.from(run.seed ?? '', 'hex')).update(
    `${lotteryId}:${windowStart}`,
  );
  // Until its run has ended nobody but the draw function knows it.
  const windowSeed = run.seed === undefined ? winner.windowSeed : derived.digest('hex');
  const rank = (entryId: string) => hash('sha256', `${windowSeed}:${entryId}`);
  const { entryId, entries: count, at } = winner;
  const priority = rank(entryId);
  const late = new Set(exits.map((exit) => exit.entryId));
  const limit = [priority, ...[...late].map(rank)].reduce((low, next) => (next < low ? next : low));
  const better = [...entries.keys()].filter((entry) => !late.has(entry) && rank(entry) < limit);
  const prize = run.prizes?.[(windowStart - run.windows.first) / windowMs];
  const ids = { drawId, lotteryId, run: number, userId: entries.get(entryId), entryId };
  const isEntry = !late.has(entryId) && Number.isSafeInteger(count) && count > 0;
  const isRight = says(winner, {
    ...ids,
    windowStart,
    windowEnd,
    entries: count,
    priority,
    windowSeed,
    prize,
  });
  const mayLeave = (exit: Said) =>
    rank(exit.entryId) < priority &&
    entries.get(exit.entryId) === exit.userId &&
    mayGo(exit, run, windowEnd, settings);
  return [
    ...(isEntry && isRight ? [] : [`it was won as it could not be: ${JSON.stringify(winner.json)}`]),
    ...better.map((entry) => `entry ${entry} should have won it`),
    ...(at + slackMs < windowEnd + graceMs ? ['it was made before its window was over by its grace'] : []),
    ...(late.size < exits.length ? ['an entry left it twice'] : []),
    ...exits.flatMap((exit) =>
      mayLeave(exit) ? [] : [`an entry left it as it could not: ${JSON.stringify(exit.json)}`],
    ),
  ];
}

/** To the window of a time after the draw, where the run had that window; else back to the user. */
function mayGo(exit: Said, run: Run, windowEnd: number, { windowMs, graceMs, slackMs }: Settings): boolean {
  const { type, lotteryId, windowStart, fromDrawId, userId, entryId, at } = exit;
  const isAfter = at + slackMs >= windowEnd + graceMs;
  if (type === 'CouponRefundedEvent')
    return isAfter && run.lastWindow < Infinity && at + slackMs >= run.lastWindow + windowMs;
  // What was settled before the stop was known may lie behind it.
  const isOpen =
    hasWindow(run, windowStart) && windowStart <= Math.max(run.lastWindow, run.stopped.last + slackMs);
  const isThen = windowStart >= windowEnd && windowStart <= Math.min(at, run.ended.last) + slackMs;
  const drawId = drawIdOf(lotteryId, run.run, windowStart);
  const isRight =
    windowStart % windowMs === 0 &&
    says(exit, { userId, lotteryId, entryId, fromDrawId, drawId, windowStart });
  return isAfter && isOpen && isThen && isRight;
}

/** A run that was stopped, or has prizes, ends once its last window and all that has entries are drawn. */
function neverEnded(
  run: Run,
  draws: readonly Draw[],
  { windowMs, graceMs, slackMs, until }: Settings,
): boolean {
  const { lotteryId, started, stopped, lastWindow, prizes = [], seed } = run;
  const own = draws.flatMap((draw) =>
    draw.lotteryId === lotteryId ? (drawOf(lotteryId, draw.drawId) ?? []) : [],
  );
  const windows = own.filter((draw) => draw.run === run.run).map(({ windowStart }) => windowStart);
  // A start that is older than its arrival is given the time of all its windows again.
  const since = Math.min(stopped.first, started.first + prizes.length * windowMs);
  const dueAt = Math.max(since, ...[lastWindow, ...windows].map((start) => start + windowMs)) + graceMs;
  return seed === undefined && dueAt + slackMs < until;
}
