import { createHash, createHmac, hash } from 'node:crypto';
import type { Settings } from './oracle.ts';
import { hasWindow, type Run } from './runs.ts';
import { drawIdOf, drawOf, type Said, says } from './streams.ts';

/** A draw's entries with their users, by receipt or by move; what left it for coming too late; who won. */
type Draw = { lotteryId: string; entries: Map<string, string>; exits: Said[]; winners: Said[] };

/** All draws that anything is told of, by their ids. */
export function drawsIn(said: readonly Said[]): ReadonlyMap<string, Draw> {
  const draws = new Map<string, Draw>();
  const draw = ({ lotteryId }: Said, drawId: string): Draw => {
    const found = draws.get(drawId) ?? { lotteryId, entries: new Map(), exits: [], winners: [] };
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

/** What is wrong with a draw: the lowest priority wins, but for late ones (freedom 2 in oracle.ts). */
export function wrongWithDraw(
  drawId: string,
  { lotteryId, entries, exits, winners }: Draw,
  runs: readonly Run[],
  settings: Settings,
): string[] {
  const { windowMs, graceMs, slackMs, until } = settings;
  const { windowStart = 0, run: number = 0 } = drawOf(lotteryId, drawId) ?? {};
  const [winner, ...others] = winners;
  const windowEnd = windowStart + windowMs;
  const dueAt = windowEnd + graceMs;
  const run = runs.find((one) => one.run === number);
  if (!winner) return dueAt + slackMs < until ? [`it has ${entries.size} entries and no winner`] : [];
  if (!run) return ['its run never started'];
  const key = Buffer.from(run.seed ?? '', 'hex');
  const derived = createHmac('sha256', key).update(`${lotteryId}:${windowStart}`).digest('hex');
  // Until its run has ended nobody but the draw function knows it.
  const windowSeed = run.seed === undefined ? winner.windowSeed : derived;
  const rank = (entryId: string) => hash('sha256', `${windowSeed}:${entryId}`);
  const { entryId, entries: count } = winner;
  const priority = rank(entryId);
  const late = new Set(exits.map((exit) => exit.entryId));
  const limit = [priority, ...[...late].map(rank)].reduce((low, next) => (next < low ? next : low));
  const isBetter = (entry: string) => !late.has(entry) && rank(entry) < limit;
  const ids = { drawId, lotteryId, run: number, userId: entries.get(entryId), entryId };
  const prize = run.prizes?.[(windowStart - run.first) / windowMs];
  const what = { entries: count, priority, windowStart, windowEnd, windowSeed, prize };
  const isEntry = !late.has(entryId) && Number.isSafeInteger(count) && count > 0;
  /** To the window of a time after the draw, where the run had that window; else back to the user. */
  const mayLeave = (exit: Said) => {
    const { type, windowStart: to, at } = exit;
    const isBeaten = rank(exit.entryId) >= priority;
    if (isBeaten || entries.get(exit.entryId) !== exit.userId || at + slackMs < dueAt) return false;
    if (type === 'CouponRefundedEvent')
      return run.lastWindow < Infinity && at + slackMs >= run.lastWindow + windowMs;
    const ids = { userId: exit.userId, lotteryId, entryId: exit.entryId, fromDrawId: drawId };
    const isMove = says(exit, { type, ...ids, drawId: drawIdOf(lotteryId, number, to), windowStart: to });
    // What was settled before the stop was known may lie behind it.
    const isOpen = hasWindow(run, to) && to <= Math.max(run.lastWindow, run.stopped.last + slackMs);
    const isThen = to % windowMs === 0 && to >= windowEnd && to <= Math.min(at, run.ended.last) + slackMs;
    return isOpen && isThen && isMove;
  };
  return [
    ...(others.length > 0 ? ['it has different winners'] : []),
    ...(isEntry && says(winner, { type: winner.type, ...ids, ...what })
      ? []
      : [`it was won as it could not be: ${JSON.stringify(winner.json)}`]),
    ...[...entries.keys()].filter(isBetter).map((entry) => `entry ${entry} should have won it`),
    ...(winner.at + slackMs < dueAt ? ['it was made before its window was over by its grace'] : []),
    ...(late.size < exits.length ? ['an entry left it twice'] : []),
    ...exits
      .filter((exit) => !mayLeave(exit))
      .map((exit) => `an entry left it as it could not: ${JSON.stringify(exit.json)}`),
  ];
}

/** A run that was stopped, or has prizes, ends once its last window and all that has entries are drawn. */
export function wrongWithEnd(run: Run, drawIds: Iterable<string>, settings: Settings): string[] {
  const { lotteryId, prizes = [], seedCommitment, lastWindow, ends } = run;
  const { windowMs, graceMs, slackMs, until } = settings;
  const [end, ...others] = ends;
  if (end) {
    const commitment = createHash('sha256').update(Buffer.from(end.seed, 'hex')).digest('hex');
    const told = { type: end.type, lotteryId, run: run.run, seed: end.seed, seedCommitment };
    const isThen = run.ended.first < Infinity && end.at >= run.ended.first;
    const isRight = others.length === 0 && commitment === seedCommitment && isThen && says(end, told);
    return isRight ? [] : [`ended as it could not: ${JSON.stringify(end.json)}`];
  }
  const own = [...drawIds].flatMap((drawId) => drawOf(lotteryId, drawId) ?? []);
  const windows = own.filter((draw) => draw.run === run.run).map(({ windowStart }) => windowStart);
  // A start that is older than its arrival is given the time of all its windows again.
  const since = Math.min(run.stopped.first, run.started.first + prizes.length * windowMs);
  const dueAt = Math.max(since, ...[lastWindow, ...windows].map((start) => start + windowMs)) + graceMs;
  return dueAt + slackMs < until ? ['never ended'] : [];
}
