import type { SimulationReport } from './simulate.ts';

/** What all runs of a series come to. */
export class Totals {
  #seeds = 0;
  #events = 0;
  #violations = 0;
  #virtualMs = 0;
  readonly #faults = new Map<string, number>();

  add({ events, faults, violations, undrained, virtualMs }: SimulationReport): void {
    this.#seeds += 1;
    this.#events += events;
    this.#violations += violations.length + undrained.length;
    this.#virtualMs += virtualMs;
    for (const [kind, count] of Object.entries(faults.byKind)) {
      this.#faults.set(kind, (this.#faults.get(kind) ?? 0) + count);
    }
  }

  /** @param seconds that the series took */
  lines(seconds: number): readonly string[] {
    const kinds = [...this.#faults].sort(([, a], [, b]) => b - a).map(([kind, count]) => `${count} ${kind}`);
    const faults = [...this.#faults.values()].reduce((sum, count) => sum + count, 0);
    const hours = (this.#virtualMs / 3_600_000).toFixed(1);
    return [
      `${number(this.#seeds)} seeds, ${number(this.#events)} events, ${hours} hours of virtual time`,
      `${number(faults)} faults of ${kinds.length} kinds: ${kinds.join(', ')}`,
      `${number(this.#violations)} violations`,
      `${number(Math.round(this.#events / seconds))} events a second, in ${seconds.toFixed(1)} s`,
    ];
  }
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}
