/** Event-time windows. All times are milliseconds since the epoch. */

/** The start of the window that holds `timestamp`: windows are aligned to the epoch. */
export function windowStartOf(timestamp: number, windowMs: number): number {
  return Math.floor(timestamp / windowMs) * windowMs;
}

export interface ClickTiming {
  readonly windowMs: number;
  readonly graceMs: number;
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

/** Identity of one draw: a run of a lottery and one of its windows. */
export interface DrawKey {
  readonly lotteryId: string;
  readonly run: number;
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
