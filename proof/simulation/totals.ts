import { type Happened, nothingHappened } from '../soak/report.ts';
import type { SimulationReport } from './simulate.ts';

/** What all runs of a series come to. */
export class Totals {
  #seeds = 0;
  #events = 0;
  #violations = 0;
  #virtualMs = 0;
  #draws = 0;
  #givenUp = 0;
  #passedOver = 0;
  #beaconMissing = 0;
  #blocksMissing = 0;
  readonly #faults = new Map<string, number>();
  readonly #outcomes = new Map<string, number>();
  readonly #throttled = new Map<string, number>();

  add(report: SimulationReport): void {
    const { events, outcomes, draws, faults, violations, undrained, virtualMs } = report;
    this.#seeds += 1;
    this.#givenUp += report.givenUp;
    this.#passedOver += report.passedOver;
    this.#beaconMissing += report.beaconMissing;
    this.#blocksMissing += report.blocksMissing;
    this.#events += events;
    this.#violations += violations.length + undrained.length;
    this.#virtualMs += virtualMs;
    this.#draws += draws;
    sum(this.#faults, faults.byKind);
    sum(this.#outcomes, outcomes);
    sum(this.#throttled, report.throttled);
  }

  /** What happened in none of the runs, though a single one may well be without it. */
  get nothingHappened(): readonly string[] {
    return nothingHappened(this.#happened);
  }

  get #happened(): Happened {
    const total = [...this.#faults.values()].reduce((all, count) => all + count, 0);
    return {
      events: this.#events,
      outcomes: Object.fromEntries(this.#outcomes),
      draws: this.#draws,
      faults: { total, kinds: this.#faults.size, byKind: Object.fromEntries(this.#faults) },
    };
  }

  /** @param seconds that the series took */
  lines(seconds: number): readonly string[] {
    const kinds = byCount(this.#faults);
    const { total } = this.#happened.faults;
    const hours = (this.#virtualMs / 3_600_000).toFixed(1);
    return [
      `${number(this.#seeds)} seeds, ${number(this.#events)} events, ${hours} hours of virtual time`,
      `${number(total)} faults of ${kinds.length} kinds: ${kinds.join(', ')}`,
      `refused, as a shard or a partition was at its limit: ${byCount(this.#throttled).join(', ') || 'nothing'}`,
      `${number(this.#givenUp)} records given up: ${number(this.#givenUp - this.#passedOver)} redriven, ${number(this.#passedOver)} passed over`,
      `${number(this.#beaconMissing)} times told that a round of the beacon is missing`,
      `${number(this.#blocksMissing)} times told that a block is missing or was changed`,
      `${number(this.#violations)} violations`,
      `${number(Math.round(this.#events / seconds))} events a second, in ${seconds.toFixed(1)} s`,
    ];
  }
}

function sum(totals: Map<string, number>, counts: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(counts)) totals.set(name, (totals.get(name) ?? 0) + count);
}

function byCount(counts: ReadonlyMap<string, number>): string[] {
  return [...counts].sort(([, a], [, b]) => b - a).map(([kind, count]) => `${number(count)} ${kind}`);
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}
