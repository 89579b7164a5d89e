import type { Settings } from './oracle.ts';
import type { Said } from './streams.ts';

/** How long the user-events function may remember that a lottery is active (lambda/adapters/cached-lotteries.ts), ms. */
const MEMORY_MS = 1_000;

export const windowOf = (time: number, { windowMs }: Settings) => Math.floor(time / windowMs) * windowMs;

/** All runs, by their lotteries, as the outputs tell of them. */
export function runsIn(said: readonly Said[], settings: Settings): Map<string, Run[]> {
  const told = Map.groupBy(said, ({ type, lotteryId, run }) => `${type} ${run} ${lotteryId}`);
  const starts = said.filter(({ type }) => type === 'LotteryStartedEvent');
  const runs = starts.map((start) => runOf(start, told, settings));
  return Map.groupBy(runs, ({ lotteryId }) => lotteryId);
}

/** A run as the outputs tell it. What happened to it happened at an instant between a first and a last. */
export type Run = ReturnType<typeof runOf>;
function runOf(start: Said, told: ReadonlyMap<string, Said[]>, { windowMs, graceMs, slackMs }: Settings) {
  const { lotteryId, run, prizes, firstWindowStart = 0, seedCommitment } = start;
  const [stop] = told.get(`LotteryStoppedEvent ${run} ${lotteryId}`) ?? [];
  const [next] = told.get(`LotteryStartedEvent ${run + 1} ${lotteryId}`) ?? [];
  const ends = told.get(`LotteryEndedEvent ${run} ${lotteryId}`) ?? [];
  const first = prizes ? firstWindowStart : -Infinity;
  const last = prizes ? first + (prizes.length - 1) * windowMs : Infinity;
  // The last window may come earlier by a stop. After it and its grace the run ends, before the next one starts.
  const lastWindow = stop?.lastWindowStart ?? last;
  const endable = Math.max(lastWindow + windowMs + graceMs, (stop ?? start).arrival) - slackMs;
  const over = Math.min(ends[0]?.at ?? Infinity, next?.at ?? Infinity);
  return {
    ...{ lotteryId, run, prizes, seedCommitment, first, last, lastWindow, ends, seed: ends[0]?.seed },
    started: { first: start.arrival, last: start.at },
    stopped: { first: stop?.arrival ?? Infinity, last: stop?.at ?? Infinity },
    ended: { first: endable, last: over },
  };
}

export const hasWindow = ({ first, last }: Run, window: number) => window >= first && window <= last;

/** Whether a run may have been seen active between a click's arrival and its outcome. */
export function mayBeActive({ started, stopped, ended }: Run, { arrival, at }: Said, slackMs: number) {
  const isLeft = arrival > Math.min(stopped.last, ended.last) + MEMORY_MS + slackMs;
  return started.first <= at + slackMs && !isLeft;
}

/** Whether its lottery may have been seen as one that does not take it: freedom 1 in oracle.ts. */
export function mayRefuse(runs: readonly Run[], window: number, click: Said, slackMs: number): boolean {
  const isBefore = (number: number) =>
    click.arrival <= (runs.find(({ run }) => run === number)?.started.last ?? Infinity) + slackMs;
  const isAfter = ({ stopped, ended }: Run) => Math.min(stopped.first, ended.first) <= click.at + slackMs;
  const hasNot = (run: Run) => !hasWindow(run, window) && mayBeActive(run, click, slackMs);
  return isBefore(1) || runs.some((run) => (isAfter(run) && isBefore(run.run + 1)) || hasNot(run));
}
