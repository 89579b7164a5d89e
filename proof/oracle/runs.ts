import { chainOf } from './beacon.ts';
import { latestTime, type Said } from './streams.ts';
import type { Timed } from './time.ts';

/** How long the user-events function may remember that a lottery is active (lambda/adapters/cached-lotteries.ts), ms. */
const MEMORY_MS = 1_000;

export const windowOf = (time: number, windowMs: number) => Math.floor(time / windowMs) * windowMs;

/** When all clicks of a window can first have been known. */
export const completeAt = (
  run: Record<'windowMs' | 'graceMs', number>,
  windowStart: number,
  settings: Timed,
) => settings.reached(windowStart + run.windowMs + run.graceMs);

/** All runs, by their lotteries, as the outputs tell of them. */
export function runsIn(said: readonly Said[], settings: Timed): Map<string, Run[]> {
  const told = Map.groupBy(said, ({ type, lotteryId, run }) => `${type} ${run} ${lotteryId}`);
  const starts = said.filter(({ type }) => type === 'LotteryStartedEvent').sort((a, b) => a.run - b.run);
  const runs = starts.map((start) => runOf(start, told, settings));
  return Map.groupBy(runs, ({ lotteryId }) => lotteryId);
}

/** A run as the outputs tell it. What happened to it happened at an instant between a first and a last. */
export type Run = ReturnType<typeof runOf>;
function runOf(start: Said, told: ReadonlyMap<string, Said[]>, settings: Timed) {
  const { lotteryId, run, prizes, firstWindowStart, windowMs, graceMs, seedCommitment } = start;
  const [stop] = told.get(`LotteryStoppedEvent ${run} ${lotteryId}`) ?? [];
  const [next] = told.get(`LotteryStartedEvent ${run + 1} ${lotteryId}`) ?? [];
  const ends = told.get(`LotteryEndedEvent ${run} ${lotteryId}`) ?? [];
  const first = firstWindowStart ?? -Infinity;
  const last = prizes ? first + (prizes.length - 1) * windowMs : Infinity;
  // The last window may come earlier by a stop. Once it is complete the run ends, before the next one starts.
  const lastWindow = stop?.lastWindowStart ?? last;
  const endable = Math.max(completeAt(start, lastWindow, settings), (stop ?? start).arrival);
  const over = Math.min(ends[0]?.at ?? Infinity, next?.at ?? Infinity);
  return {
    ...{ lotteryId, run, prizes, windowMs, graceMs, seedCommitment, first, last, lastWindow, ends },
    seed: ends[0]?.seed,
    chain: chainOf(start.json),
    started: { first: start.arrival, last: start.at },
    stopped: { first: stop?.arrival ?? Infinity, last: stop?.at ?? Infinity },
    ended: { first: endable - settings.slackMs, last: over },
    /** When its successor's start was out. */
    gone: next?.at ?? Infinity,
  };
}

/** Whether a draw of this window is one of the run. */
export const hasWindow = (run: Run, window: number) => window >= run.first && window <= run.lastWindow;

type Click = Record<'timestamp' | 'arrival' | 'clock' | 'at', number> & { isRedriven: boolean };

/** Of a click: its own window, or that of now where its own is over or far; not where that is before the run; none behind time. */
function windowOfClick(timestamp: number, now: number, { windowMs, graceMs, first }: Run) {
  const own = windowOf(timestamp, windowMs);
  const isOwn = own - graceMs <= now && now <= own + windowMs + graceMs;
  const window = isOwn || own < first ? own : windowOf(now, windowMs);
  return window > latestTime ? -Infinity : window;
}

/** The runs that may have taken a click, and whether one, or none, may have refused it: freedom 1 in oracle.ts. */
export function runsFor(click: Click, runs: readonly Run[], { slackMs, toleranceMs }: Timed) {
  const [from, to] = [click.arrival - slackMs, click.at + slackMs];
  const now = toleranceMs === undefined ? click.clock : click.arrival;
  const all = runs.map((run) => ({ run, window: windowOfClick(click.timestamp, now, run) }));
  // It came in time for this one, which has not ended before it was processed.
  const inTime = click.isRedriven ? undefined : all.find(({ run, window }) => hasWindow(run, window))?.run;
  const seen = all.filter(({ run }) => run.started.first <= to && run.run <= (inTime ?? run).run);
  const taking = seen.filter(({ run, window }) => {
    const isStopUnknown = from <= run.stopped.last + MEMORY_MS && window <= run.last;
    const isIn = window >= run.first && (window <= run.lastWindow || isStopUnknown);
    return isIn && from <= run.ended.last + MEMORY_MS;
  });
  const mayRefuse = seen.some(({ run, window }) => {
    const isOut = window < run.first || window > (run.stopped.first <= to ? run.lastWindow : run.last);
    return from <= run.gone && (isOut || (click.isRedriven && run.ended.first <= to));
  });
  return { taking, mayRefuse: mayRefuse || from <= (runs[0]?.started.last ?? Infinity) };
}
