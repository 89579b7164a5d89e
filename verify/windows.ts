/** Which window a click is in, and which windows are a run's. `docs/fairness.md` says why. */
import type { Entry } from './entries.ts';
import type { Start } from './events.ts';
import { type Draw, type Ledger, runLabel } from './ledger.ts';
import { lineName } from './lines.ts';

/** The first and last window that a run draws, as far as the file says. */
export function boundsOf(run: string, { starts, stops }: Ledger): { first: number; last: number } {
  const start = starts.get(run);
  const first = start?.firstWindowStart ?? Number.NEGATIVE_INFINITY;
  const lastPrize = start?.prizes && first + (start.prizes.length - 1) * start.windowMs;
  const stopped = stops.get(run)?.lastWindowStart;
  return { first, last: Math.min(lastPrize ?? Infinity, stopped ?? Infinity) };
}

/** Whether a draw is one that its run makes: what is accepted for another one is refunded. */
export function isOfRun(draw: Draw, ledger: Ledger): boolean {
  const { first, last } = boundsOf(runLabel(draw), ledger);
  return draw.windowStart >= first && draw.windowStart <= last;
}

/** All of the draw's events give its window one end, and none is before a run's start or after its last window. */
export function checkWindow(draw: Draw, ledger: Ledger): void {
  const { findings } = ledger;
  const { winner, close, windowStart, windowEnds, drawId } = draw;
  const { first, last } = boundsOf(runLabel(draw), ledger);
  const start = ledger.starts.get(runLabel(draw));
  for (const windowEnd of windowEnds.keys()) {
    if (!isWindow(windowStart, windowEnd, start)) findings.fail(drawId, noWindow(windowStart, windowEnd));
  }
  for (const event of [close, winner]) {
    if (event === undefined) continue;
    const { windowEnd } = event;
    // By the event's own fields: that they fit the draw's id is checked where it is read.
    if (!isWindow(event.windowStart, windowEnd, start))
      findings.failNext(drawId, noWindow(event.windowStart, windowEnd));
  }
  if (!winner && !close) return;
  if (windowStart < first) findings.fail(drawId, `the first window of its run is that from ${first}`);
  if (windowStart > last) findings.fail(drawId, `the last window of its run is that from ${last}`);
}

/** Windows follow each other from 1970 on. */
function isWindow(windowStart: number, windowEnd: number, start: Start | undefined): boolean {
  const windowMs = start?.windowMs ?? windowEnd - windowStart;
  return windowMs > 0 && windowStart % windowMs === 0 && windowEnd === windowStart + windowMs;
}

function noWindow(windowStart: number, windowEnd: number): string {
  return `windowEnd ${windowEnd} does not fit windowStart ${windowStart}`;
}

/** Arrival and timestamp give each click one window. @returns why it cannot be in that of its draw */
export function misplaced(entry: Entry, start: Start): string | undefined {
  const { timestamp, draw } = entry;
  const { windowStart } = draw;
  const { firstWindowStart: first = Math.min(timestamp, windowStart) } = start;
  if (windowStart < first)
    return `${nameOf(entry)} is before the first window of its run, that from ${first}`;
  if (timestamp < first) return `${madeAt(entry)}, before the first window of its run`;
  if (start.replay)
    return canBeInReplay(entry, start) ? undefined : `${madeAt(entry)}, and cannot be in this window`;
  const right = windowOf(entry, start);
  if (windowStart === right) return undefined;
  return `${madeAt(entry)} and arrived at ${entry.arrival}: it belongs in the window from ${right}`;
}

function nameOf({ line }: Entry): string {
  return `the click on ${lineName(line)}`;
}

function madeAt(entry: Entry): string {
  return `${nameOf(entry)} has timestamp ${entry.timestamp}`;
}

/** Its own, if it arrived in it, or a grace before or after it; else that of its arrival. */
function windowOf({ timestamp, arrival }: Entry, { windowMs, graceMs }: Start): number {
  const own = Math.floor(timestamp / windowMs) * windowMs;
  const isOwn = own - graceMs <= arrival && arrival <= own + windowMs + graceMs;
  return isOwn ? own : Math.floor(arrival / windowMs) * windowMs;
}

/** Its own, or that of a clock which was beyond its own and the grace: the file does not say what the clock was. */
function canBeInReplay({ timestamp, draw: { windowStart } }: Entry, { windowMs, graceMs }: Start): boolean {
  const own = Math.floor(timestamp / windowMs) * windowMs;
  return windowStart === own || windowStart + windowMs - 1 > own + windowMs + graceMs;
}
