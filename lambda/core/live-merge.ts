import { idToWire } from './ids.ts';
import type { RunFacts } from './live-events.ts';
import type { DrawFacts, LivePart } from './live-part.ts';
import { shortened } from './live-part.ts';
import type { LiveHistory, LiveSummary, LiveView, LiveWindow } from './live-view.ts';
import { maximumHistory, maximumViewBytes, maximumWindows } from './live-view.ts';

/** Bytes of JSON that the prizes left may take. */
const maximumPrizesBytes = 8_000;

/** Everything but its version and when it was made. */
export type LiveContent = Omit<LiveView, 'version' | 'at'>;

interface Run {
  readonly run: number;
  readonly facts: RunFacts;
  readonly lastWindowStart?: number | undefined;
  readonly seed?: string | undefined;
  readonly winners: number;
  /** By the starts of windows, those of the run alone. */
  readonly counts: ReadonlyMap<number, number>;
  readonly exact: ReadonlyMap<number, number>;
  readonly draws: ReadonlyMap<number, DrawFacts>;
}

/**
 * What all shards together have said of a lottery, in any order of theirs.
 * @param now ms: which prizes are left
 * @returns undefined where no run's start is known
 */
export function contentOf(
  lotteryId: string,
  parts: readonly LivePart[],
  now: number,
): { readonly content: LiveContent; readonly winners: number } | undefined {
  const run = lastRunOf(parts);
  if (run === undefined) return undefined;
  const { facts, lastWindowStart = lastPrizeOf(run.facts), seed } = run;
  const content: LiveContent = {
    ...{ lotteryId: idToWire(lotteryId), run: run.run, state: seed === undefined ? 'open' : 'ended' },
    ...{ windowMs: facts.windowMs, graceMs: facts.graceMs },
    ...(facts.firstWindowStart !== undefined && { firstWindowStart: facts.firstWindowStart }),
    ...(lastWindowStart !== undefined && { lastWindowStart }),
    ...prizesLeft(run, now),
    ...(facts.beacon ? { randomness: 'drand', chain: facts.beacon } : { randomness: 'seed' }),
    ...{ receiptKey: facts.receiptKey, seedCommitment: facts.seedCommitment },
    ...(seed !== undefined && { seed }),
    ...(facts.replay && { isReplay: true }),
    ...{
      windows: windowsOf(run),
      history: historyOf(run),
      rejected: sumOf(parts.map((part) => part.rejected)),
    },
  };
  return { content: withinLimit(content), winners: run.winners };
}

export function summaryOf(
  { lotteryId, run, state, windows }: LiveContent,
  channel: string,
  winners: number,
): LiveSummary {
  const last = windows.at(-1);
  return {
    ...{ lotteryId, channel, run, state },
    ...(last && { windowStart: last.windowStart }),
    ...{ entries: last?.entries ?? 0, winners },
  };
}

/** @returns the last run that anything was said of, where its start was not */
export function unknownRunOf(parts: readonly LivePart[]): number | undefined {
  const last = Math.max(0, ...parts.map(({ run }) => run));
  return last === 0 || parts.some(({ run, facts }) => run === last && facts) ? undefined : last;
}

function lastRunOf(parts: readonly LivePart[]): Run | undefined {
  const run = Math.max(0, ...parts.flatMap((part) => (part.facts ? [part.run] : [])));
  const ofRun = parts.filter((part) => part.run === run);
  const facts = ofRun.find((part) => part.facts)?.facts;
  if (facts === undefined) return undefined;
  const lastWindowStart = ofRun.find((part) => part.lastWindowStart !== undefined)?.lastWindowStart;
  const isOfRun = (windowStart: number) => windowStart <= (lastWindowStart ?? Number.POSITIVE_INFINITY);
  const within = <Value>(values: ReadonlyMap<number, Value>) =>
    new Map([...values].filter(([windowStart]) => isOfRun(windowStart)));
  return {
    ...{ run, facts, lastWindowStart, seed: ofRun.find((part) => part.seed !== undefined)?.seed },
    winners: ofRun.reduce((sum, part) => sum + part.winners, 0),
    counts: within(byWindow(sumOf(ofRun.map((part) => part.counts)))),
    exact: within(byWindow(Object.assign({}, ...ofRun.map((part) => part.exact)))),
    draws: within(byWindow(drawsOf(ofRun))),
  };
}

/** After a reshard the parent may have closed what its child has drawn. */
function drawsOf(parts: readonly LivePart[]): Record<string, DrawFacts> {
  const all: Record<string, DrawFacts> = {};
  for (const { draws } of parts) {
    for (const [windowStart, draw] of Object.entries(draws))
      all[windowStart] = { ...all[windowStart], ...draw };
  }
  return all;
}

function byWindow<Value>(values: Readonly<Record<string, Value>>): Map<number, Value> {
  return new Map(Object.entries(values).map(([windowStart, value]) => [Number(windowStart), value]));
}

function sumOf(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [name, value] of all.flatMap((one) => Object.entries(one)))
    sums[name] = (sums[name] ?? 0) + value;
  return sums;
}

function startsOf({ counts, exact, draws }: Run): number[] {
  return [...new Set([...counts.keys(), ...exact.keys(), ...draws.keys()])].sort(
    (left, right) => left - right,
  );
}

function windowsOf(run: Run): LiveWindow[] {
  return startsOf(run)
    .slice(-maximumWindows)
    .map((windowStart) => windowOf(run, windowStart));
}

function windowOf({ counts, exact, draws }: Run, windowStart: number): LiveWindow {
  const drawn = exact.get(windowStart);
  const draw = draws.get(windowStart);
  const { winner, ...closed } = draw ?? {};
  return {
    ...{ windowStart, entries: drawn ?? counts.get(windowStart) ?? 0, isExact: drawn !== undefined },
    state: drawn !== undefined ? 'drawn' : draw !== undefined ? 'closed' : 'open',
    ...closed,
    ...(winner && { winner: { ...winner, userId: idToWire(winner.userId) } }),
  };
}

function historyOf(run: Run): LiveHistory {
  const { windowMs } = run.facts;
  const starts = startsOf(run);
  const newest = starts.at(-1);
  if (newest === undefined) return { firstWindowStart: run.facts.firstWindowStart ?? 0, entries: [] };
  const oldest = Math.max(starts[0] ?? newest, newest - (maximumHistory - 1) * windowMs);
  const entries = Array.from({ length: Math.floor((newest - oldest) / windowMs) + 1 }, (_, index) => {
    const windowStart = oldest + index * windowMs;
    return run.exact.get(windowStart) ?? run.counts.get(windowStart) ?? 0;
  });
  return { firstWindowStart: oldest, entries };
}

function lastPrizeOf({ prizes, firstWindowStart, windowMs }: RunFacts): number | undefined {
  if (prizes === undefined || firstWindowStart === undefined) return undefined;
  return firstWindowStart + (prizes.length - 1) * windowMs;
}

function prizesLeft(run: Run, now: number): Pick<LiveView, 'prizes' | 'prizeIndex' | 'prizeCount'> {
  const { prizes, firstWindowStart, windowMs, replay } = run.facts;
  if (prizes === undefined || firstWindowStart === undefined) return {};
  const { lastWindowStart = Number.POSITIVE_INFINITY, seed } = run;
  // In a replay nothing but its draws tells how far it is.
  const time = replay
    ? Math.max(firstWindowStart, ...[...run.exact.keys()].map((start) => start + windowMs))
    : now;
  const passed = Math.max(0, Math.floor((time - firstWindowStart) / windowMs));
  const prizeIndex = Math.min(seed === undefined ? passed : prizes.length, prizes.length);
  const end = Math.min(prizes.length, Math.floor((lastWindowStart - firstWindowStart) / windowMs) + 1);
  const left: string[] = [];
  let bytes = 0;
  for (const prize of prizes.slice(prizeIndex, Math.max(prizeIndex, end)).map(shortened)) {
    bytes += bytesOf(prize) + 1;
    if (bytes > maximumPrizesBytes) break;
    left.push(prize);
  }
  return { prizes: left, prizeIndex, prizeCount: prizes.length };
}

/** Ids and prizes may be long, and longer in JSON: the oldest windows go first. */
function withinLimit(content: LiveContent): LiveContent {
  let { windows } = content;
  let bytes = bytesOf(content);
  // Room for the version and the time.
  while (windows.length > 0 && bytes > maximumViewBytes - 100) {
    bytes -= bytesOf(windows[0]) + 1;
    windows = windows.slice(1);
  }
  return { ...content, windows };
}

export function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
