/** Event-time windows. All times are milliseconds since the epoch. */

/** The start of the window that holds `timestamp`: windows are aligned to the epoch. */
export function windowStartOf(timestamp: number, windowMs: number): number {
  return Math.floor(timestamp / windowMs) * windowMs;
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
