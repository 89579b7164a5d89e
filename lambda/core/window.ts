import * as z from 'zod/mini';

/** Event-time windows. All times are milliseconds since the epoch. */

/** The end of the year 2099: in a replay a click moves the clock of its shard, and none may move it for ever. */
export const latestTime = Date.UTC(2099, 11, 31, 23, 59, 59, 999);

/** A time as a producer gives it. */
export const timestampSchema = z.int().check(z.minimum(0), z.maximum(latestTime));

/** A time that completes a replay: it may lie behind all that clicks and stops name. */
export const heartbeatTimeSchema = z.int().check(z.minimum(0), z.maximum(2 * latestTime));

/** A time that was derived from one of those, or from an arrival: of a lottery's last prize, say. */
export const derivedTimeSchema = z.int().check(z.minimum(0), z.maximum(4 * latestTime));

/** The start of the window that holds `timestamp`: windows are aligned to the epoch. */
export function windowStartOf(timestamp: number, windowMs: number): number {
  return Math.floor(timestamp / windowMs) * windowMs;
}

/** Of a run, from its start to its end: a changed setting changes no run that is there. */
export interface WindowTiming {
  readonly windowMs: number;
  /** How far outside its window a click may arrive and still compete in it, ms. */
  readonly graceMs: number;
}

/** When a click was made, as it says, and when it came. */
export interface ClickTime {
  readonly timestamp: number;
  readonly arrival: number;
  /** In a replay of old events: the largest timestamp of a click so far, by position in the shard, ms. */
  readonly clock?: number | undefined;
}

/**
 * The start of the window that a click competes in: that of its own timestamp, if it arrived within it or its grace;
 * else that of its arrival. So nobody takes a window that is over, or one that is to come, and its prize.
 *
 * In a replay arrivals say nothing, and the shard's clock stands for them.
 */
export function clickWindowStart(
  { timestamp, arrival, clock }: ClickTime,
  { windowMs, graceMs }: WindowTiming,
): number {
  const own = windowStartOf(timestamp, windowMs);
  if (clock !== undefined) return own + windowMs + graceMs < clock ? windowStartOf(clock, windowMs) : own;
  const isOfOwn = own - graceMs <= arrival && arrival <= own + windowMs + graceMs;
  return isOfOwn ? own : windowStartOf(arrival, windowMs);
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
export function drawIdOf(key: DrawKey): string {
  if (key.windowStart !== last.windowStart || key.run !== last.run || key.lotteryId !== last.lotteryId) {
    const { lotteryId, run, windowStart } = key;
    last = { lotteryId, run, windowStart, drawId: textOf(key) };
  }
  return last.drawId;
}

/** The last click's draw is that of the next one too, but for one in thousands: its id is one text, made once. */
let last: DrawKey & { readonly drawId: string } = { lotteryId: '', run: 1, windowStart: 0, drawId: '@0' };

function textOf({ lotteryId, run, windowStart }: DrawKey): string {
  return run === 1 ? `${lotteryId}@${windowStart}` : `${lotteryId}@${windowStart}#${run}`;
}

/** What `drawIdOf` puts behind a lottery's id. An id may itself hold any of its signs: it is cut off by its length. */
const windowAndRun = /^@(?:0|[1-9]\d{0,15})(?:#(?<run>[2-9]|[1-9]\d{1,15}))?$/;

/** Whether a text is an id that `drawIdOf` makes for a draw of this lottery. */
export function isDrawOf(lotteryId: string, drawId: string): boolean {
  return runOfDraw(lotteryId, drawId) !== undefined;
}

/** The run of a draw of this lottery; undefined where the text is no id of one. */
export function runOfDraw(lotteryId: string, drawId: string): number | undefined {
  if (!drawId.startsWith(lotteryId)) return undefined;
  const match = windowAndRun.exec(drawId.slice(lotteryId.length));
  return match === null ? undefined : Number(match.groups?.run ?? 1);
}
