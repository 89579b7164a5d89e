import * as z from 'zod/mini';

/** Event-time windows. All times are milliseconds since the epoch. */

/**
 * The end of the year 9999: what comes after it many cannot write down. Far enough from the last instant that a
 * JavaScript date can name, and from the largest safe integer, for the end of any window to be one.
 */
export const latestTime = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** A time as a producer gives it. */
export const timestampSchema = z.int().check(z.minimum(0), z.maximum(latestTime));

/** A time that was derived from one, or from an arrival: of a lottery's last prize, say. */
export const derivedTimeSchema = z.int().check(z.minimum(0), z.maximum(2 * latestTime));

/** The start of the window that holds `timestamp`: windows are aligned to the epoch. */
export function windowStartOf(timestamp: number, windowMs: number): number {
  return Math.floor(timestamp / windowMs) * windowMs;
}

export interface DrawTiming {
  readonly windowMs: number;
  /** How long a draw waits for partials after its window's end, ms. */
  readonly graceMs: number;
}

export interface ClickTiming extends DrawTiming {
  /** How far a click's timestamp may be from its arrival, ms; undefined: any distance, as in a replay. */
  readonly toleranceMs: number | undefined;
}

/**
 * The start of the window that a click competes in: that of its own timestamp. But where clocks count, a click
 * that arrives after that window's grace competes in the window of its arrival: the draw of its own may be made,
 * and if it is not, nobody clicked in time, and nobody may take an empty window, and its prize, afterwards.
 */
export function clickWindowStart(timestamp: number, arrival: number, timing: ClickTiming): number {
  const { windowMs, graceMs, toleranceMs } = timing;
  const own = windowStartOf(timestamp, windowMs);
  const isOver = toleranceMs !== undefined && arrival > own + windowMs + graceMs;
  return isOver ? windowStartOf(arrival, windowMs) : own;
}

/** Identity of one run of a lottery. */
export interface RunKey {
  readonly lotteryId: string;
  readonly run: number;
}

/** Of maps by run. */
export function runKey({ lotteryId, run }: RunKey): string {
  return `${lotteryId}#${run}`;
}

/** Identity of one draw: a run of a lottery and one of its windows. */
export interface DrawKey extends RunKey {
  /** Start of the window, ms. */
  readonly windowStart: number;
}

/**
 * "<lotteryId>@<windowStart>" in a lottery's first run, "<lotteryId>@<windowStart>#<run>" from its second on:
 * a lottery that ended and was started again within one window must not mix two draws under one name
 * (docs/decisions/0004-runs.md).
 */
export function drawIdOf({ lotteryId, run, windowStart }: DrawKey): string {
  return run === 1 ? `${lotteryId}@${windowStart}` : `${lotteryId}@${windowStart}#${run}`;
}

/** What `drawIdOf` puts behind a lottery's id. An id may itself hold any of its signs: it is cut off by its length. */
const windowAndRun = /^@(?:0|[1-9]\d{0,15})(?:#(?:[2-9]|[1-9]\d{1,15}))?$/;

/** Whether a text is an id that `drawIdOf` makes for a draw of this lottery. */
export function isDrawOf(lotteryId: string, drawId: string): boolean {
  return drawId.startsWith(lotteryId) && windowAndRun.test(drawId.slice(lotteryId.length));
}
