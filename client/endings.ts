interface Run {
  lotteryId: string | number;
  run: number;
}

/** The end of a run that will end. */
export interface Ending {
  /** The run's, for people. */
  name: string;
  lotteryId: string;
  /** When its last window is complete, ms. */
  at: number;
}

interface Timing {
  windowMs: number;
  graceMs: number;
}

interface KnownRun extends Timing {
  /** Absent where no window is known to be the last. */
  lastWindowStart?: number;
}

/** Runs that are not over, and when they will be. Fed in any order; what comes twice changes nothing. */
export class Endings {
  /** By lottery, then by run. No lottery without runs. */
  readonly #runs = new Map<string, Map<number, KnownRun>>();
  readonly #ended = new Set<string>();

  /** @param lastWindowStart of a lottery with prizes */
  start(run: Run, { windowMs, graceMs }: Timing, lastWindowStart: number | undefined): void {
    const known = this.#runOf(run);
    if (known === undefined) return;
    Object.assign(known, { windowMs, graceMs });
    // A repetition of the start does not undo the stop.
    if (lastWindowStart !== undefined) known.lastWindowStart ??= lastWindowStart;
  }

  stop(run: Run, lastWindowStart: number): void {
    const known = this.#runOf(run);
    if (known !== undefined) known.lastWindowStart = lastWindowStart;
  }

  end({ lotteryId: id, run }: Run): void {
    const lotteryId = String(id);
    this.#ended.add(nameOf({ lotteryId, run }));
    const runs = this.#runs.get(lotteryId);
    if (runs?.delete(run) && runs.size === 0) this.#runs.delete(lotteryId);
  }

  /** When the last window of a run of this lottery is complete, ms; undefined where none has a last window. */
  endOf(lotteryId: string): number | undefined {
    const ends = [...(this.#runs.get(lotteryId)?.values() ?? [])].flatMap(endOf);
    return ends.length === 0 ? undefined : Math.max(...ends);
  }

  get all(): readonly Ending[] {
    return [...this.#runs].flatMap(([lotteryId, runs]) =>
      [...runs].flatMap(([run, known]) =>
        endOf(known).map((at) => ({ name: nameOf({ lotteryId, run }), lotteryId, at })),
      ),
    );
  }

  /** @returns undefined when it is over */
  #runOf({ lotteryId: id, run }: Run): KnownRun | undefined {
    const lotteryId = String(id);
    if (this.#ended.has(nameOf({ lotteryId, run }))) return undefined;
    const runs = this.#runs.get(lotteryId) ?? new Map<number, KnownRun>();
    this.#runs.set(lotteryId, runs);
    const known = runs.get(run) ?? { windowMs: 0, graceMs: 0 };
    runs.set(run, known);
    return known;
  }
}

function endOf({ lastWindowStart, windowMs, graceMs }: KnownRun): number[] {
  return lastWindowStart === undefined ? [] : [lastWindowStart + windowMs + graceMs];
}

function nameOf({ lotteryId, run }: Run): string {
  return `${lotteryId}, run ${run}`;
}
