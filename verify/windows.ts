/** Which window a click is in, and which windows are a run's. `docs/fairness.md` says why. */
import type { Receipt, Start } from './events.ts';
import { type Draw, type Ledger, runLabel } from './ledger.ts';

/** The first and last window that a run draws, as far as the file says. */
function boundsOf(run: string, { starts, stops }: Ledger): { first: number; last: number } {
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

/** No winner before a run's start or after its last window, and each receipt in the window that it must be in. */
export function checkWindow(draw: Draw, ledger: Ledger): void {
  const { findings } = ledger;
  const { winner, windowStart } = draw;
  const { first, last } = boundsOf(runLabel(draw), ledger);
  const start = ledger.starts.get(runLabel(draw));
  const fail = (reason: string) => findings.fail(draw.drawId, reason);
  const failNext = (reason: string) => findings.failNext(draw.drawId, reason);
  if (winner) checkBounds(winner, start, failNext);
  if (winner && windowStart < first) fail(`the first window of its run is that from ${first}`);
  if (winner && windowStart > last) fail(`the last window of its run is that from ${last}`);
  for (const receipt of draw.receipts.values()) {
    if (windowStart < first)
      fail(`the click on line ${receipt.line} is before the first window of its run, that from ${first}`);
    if (start) checkReceipt(receipt, start, fail);
    else checkBounds(receipt, start, fail);
  }
}

/** Windows follow each other from 1970 on. */
function checkBounds(
  { windowStart, windowEnd }: { windowStart: number; windowEnd: number },
  start: Start | undefined,
  fail: (reason: string) => void,
): void {
  const windowMs = start?.windowMs ?? windowEnd - windowStart;
  if (windowMs > 0 && windowStart % windowMs === 0 && windowEnd === windowStart + windowMs) return;
  fail(`windowEnd ${windowEnd} does not fit windowStart ${windowStart}`);
}

/** Arrival and timestamp give each click one window. */
function checkReceipt(receipt: Receipt, start: Start, fail: (reason: string) => void): void {
  const { line, timestamp, arrival, windowStart } = receipt;
  checkBounds(receipt, start, fail);
  const { firstWindowStart: first = timestamp } = start;
  if (timestamp < first && windowStart >= first)
    fail(`the click on line ${line} has timestamp ${timestamp}, before the first window of its run`);
  if (start.replay) {
    if (!canBeInReplay(receipt, start))
      fail(`the click on line ${line} has timestamp ${timestamp}, and cannot be in this window`);
    return;
  }
  const right = windowOf(receipt, start);
  if (windowStart !== right)
    fail(
      `the click on line ${line} has timestamp ${timestamp} and arrived at ${arrival}: it belongs in the window from ${right}`,
    );
}

/** Its own, if it arrived in it, or a grace before or after it; else that of its arrival. */
function windowOf({ timestamp, arrival }: Receipt, { windowMs, graceMs }: Start): number {
  const own = Math.floor(timestamp / windowMs) * windowMs;
  const isOwn = own - graceMs <= arrival && arrival <= own + windowMs + graceMs;
  return isOwn ? own : Math.floor(arrival / windowMs) * windowMs;
}

/** Its own, or that of a clock which was beyond its own and the grace: the file does not say what the clock was. */
function canBeInReplay({ timestamp, windowStart }: Receipt, { windowMs, graceMs }: Start): boolean {
  const own = Math.floor(timestamp / windowMs) * windowMs;
  return windowStart === own || windowStart + windowMs - 1 > own + windowMs + graceMs;
}
