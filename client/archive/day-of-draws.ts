import type { OutputFields } from './output-fields.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** A click may arrive a grace, 15 minutes at most, before its window; and coupons come back a while after the draw. */
const aroundMs = hourMs;

/** @param day `2026-11-26` @returns when it starts, ms; undefined for what is no day */
export function startOfDay(day: string): number | undefined {
  const start = /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(day) : Number.NaN;
  // A 30th of February would be one in March.
  if (Number.isNaN(start) || new Date(start).toISOString().slice(0, 10) !== day) return undefined;
  return start;
}

/**
 * What belongs to a day (UTC). What is of a draw belongs to the day on which its window starts, whenever it came. Starts,
 * stops and ends belong to each day on which their run has a draw, and to that on which they came; so do coupons that came
 * back. All else belongs to the day on which it came.
 */
export class DayOfDraws {
  readonly #start: number;
  readonly #end: number;
  /** Runs with a draw on it. */
  readonly #runs = new Set<string>();
  readonly #started = new Set<string>();
  readonly #undrawn = new Set<string>();
  #lastOfDraws = 0;

  /** @param start ms */
  constructor(start: number) {
    this.#start = start;
    this.#end = start + dayMs;
  }

  /** All that belongs to it came from then on, ms, but for starts and stops of runs that began before. */
  get from(): number {
    return this.#start - aroundMs;
  }

  /** Notes what `takes` goes by. To be told every event of lottery-events-output from `from` on. */
  see(fields: OutputFields, arrival: number): void {
    const { type, windowStart } = fields;
    if (type === 'LotteryStartedEvent') this.#started.add(runOf(fields));
    if (windowStart === undefined || !this.#has(windowStart)) return;
    this.#runs.add(runOf(fields));
    this.#lastOfDraws = Math.max(arrival, this.#lastOfDraws);
    const draw = `${runOf(fields)} ${windowStart}`;
    if (type === 'DrawClosedEvent') this.#undrawn.add(draw);
    if (type === 'LotteryWinnerEvent') this.#undrawn.delete(draw);
  }

  /** Whether the start of a run that has a draw on it was not seen: it came before. */
  get isStartMissing(): boolean {
    return [...this.#runs].some((run) => !this.#started.has(run));
  }

  /** Until when events of users that belong to it came, ms; undefined: they may be coming now. */
  until(now: number): number | undefined {
    if (this.#undrawn.size > 0 || now < this.#end) return undefined;
    return Math.max(this.#end, this.#lastOfDraws) + aroundMs;
  }

  takes(fields: OutputFields, arrival: number): boolean {
    const { type, windowStart } = fields;
    if (type === 'CouponRefundedEvent' && this.#has(arrival)) return true;
    if (windowStart !== undefined) return this.#has(windowStart);
    return this.#has(arrival) || this.takesRun(fields);
  }

  /** Whether it is a start, stop or end of a run that has a draw on it. */
  takesRun(fields: OutputFields): boolean {
    return ofRuns.has(fields.type) && this.#runs.has(runOf(fields));
  }

  #has(time: number): boolean {
    return this.#start <= time && time < this.#end;
  }
}

const ofRuns = new Set(['LotteryStartedEvent', 'LotteryStoppedEvent', 'LotteryEndedEvent']);

function runOf({ lotteryId, run }: OutputFields): string {
  return `${lotteryId}#${run}`;
}
