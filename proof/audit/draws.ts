import { type Entries, endOf, mayGoBack, winnerOf } from '../oracle/draws.ts';
import { completeAt, hasWindow, type Run } from '../oracle/runs.ts';
import { drawOf, type Said } from '../oracle/streams.ts';
import type { Timed } from '../oracle/time.ts';
import { says } from './outputs.ts';

/** A draw's entries with their users, by their receipts; what was given back of it; who won. */
type Draw = { lotteryId: string; entries: Map<string, string>; refunds: Said[]; winners: Said[] };

/** All draws that anything is told of, by their ids. */
export function drawsIn(said: readonly Said[]): ReadonlyMap<string, Draw> {
  const draws = new Map<string, Draw>();
  const draw = ({ lotteryId, drawId }: Said): Draw => {
    const found = draws.get(drawId) ?? { lotteryId, entries: new Map(), refunds: [], winners: [] };
    draws.set(drawId, found);
    return found;
  };
  for (const each of said) {
    const { type, entryId, userId } = each;
    if (type === 'ClickAcceptedEvent') draw(each).entries.set(entryId, userId);
    if (type === 'CouponRefundedEvent') draw(each).refunds.push(each);
    if (type === 'LotteryWinnerEvent') draw(each).winners.push(each);
  }
  return draws;
}

/** What is wrong with a draw. Its entries are all its receipts, but for those that were given back. */
export function wrongWithDraw(drawId: string, draw: Draw, runs: readonly Run[], settings: Timed): string[] {
  const { entries, refunds, winners } = draw;
  const { windowStart = 0, run: number = 0 } = drawOf(draw.lotteryId, drawId) ?? {};
  const run = runs.find((one) => one.run === number);
  if (!run) return ['its run never started'];
  const dueAt = completeAt(run, windowStart, settings);
  const back = new Set(refunds.map(({ entryId }) => entryId));
  const left = new Map([...entries].filter(([entryId]) => !back.has(entryId)));
  const isEarly = winners.some(({ at }) => at + settings.slackMs < dueAt);
  const becomes = hasWindow(run, windowStart) ? wrongWithWinner : wrongWithNone;
  return [
    ...(back.size < refunds.length ? ['an entry was refunded twice'] : []),
    ...refunds
      .filter((refund) => !mayGoBack(refund, entries, run, windowStart, settings))
      .map(({ json }) => `an entry was refunded as it could not: ${JSON.stringify(json)}`),
    ...(winners.length > 1 ? ['it has different winners'] : []),
    ...(isEarly ? ['it was made before its window was complete'] : []),
    ...becomes({ run, windowStart, left, winners, isDue: dueAt + settings.slackMs < settings.until }),
  ];
}

interface Made {
  run: Run;
  windowStart: number;
  /** What was not given back. */
  left: Entries;
  winners: readonly Said[];
  /** Whether all that becomes of it must be there. */
  isDue: boolean;
}

function wrongWithWinner({ run, windowStart, left, winners: [winner], isDue }: Made): string[] {
  if (!winner) return isDue && left.size > 0 ? [`it has ${left.size} entries and no winner`] : [];
  const must = winnerOf(run, windowStart, left, winner);
  if (says(winner, must)) return [];
  return [
    `it was won as it could not be: ${JSON.stringify(winner.json)}, and must be ${JSON.stringify(must)}`,
  ];
}

function wrongWithNone({ left, winners, isDue }: Made): string[] {
  const kept = isDue ? [...left.keys()] : [];
  return [
    ...(winners.length > 0 ? ['it was made, and is none of its run'] : []),
    ...kept.map((entryId) => `entry ${entryId} is in no window of its run, and was not refunded`),
  ];
}

/** A run that was stopped, or has prizes, ends once, when its last window is complete. */
export function wrongWithEnd(run: Run, { slackMs, until }: Timed): string[] {
  const [end, ...others] = run.ends;
  if (!end) return run.ended.first + 2 * slackMs < until ? ['never ended'] : [];
  const must = endOf(run, end.seed);
  const isThen = run.ended.first < Infinity && end.at >= run.ended.first;
  const isRight = others.length === 0 && isThen && must && says(end, must);
  return isRight ? [] : [`ended as it could not: ${JSON.stringify(end.json)}`];
}
