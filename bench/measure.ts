/** A figure of several rounds. Its unit is that of the values. */
export interface Figure {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

export function figureOf(values: readonly number[]): Figure {
  const sorted = values.toSorted((left, right) => left - right);
  return { median: quantile(sorted, 0.5), least: sorted[0] ?? Number.NaN, most: sorted.at(-1) ?? Number.NaN };
}

/** @param sorted ascending, at least one. @returns the value below which `share` of them lie */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** CPU time that this process took for `work`, all its threads (garbage collection too), in µs. */
export async function cpuMicroseconds(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

export interface Contender {
  /** What one call works through: figures are per unit. */
  readonly units: number;
  readonly work: () => unknown;
}

/** How many times `left` is of `right`, round by round: a round's load hits both. */
export function ratioOf(left: readonly number[], right: readonly number[]): Figure {
  return figureOf(left.map((value, round) => value / (right[round] ?? Number.NaN)));
}

/**
 * CPU time per unit of each contender in each round, in µs. They take turns, so that whatever else the machine does hits all
 * of them; the first rounds, in which the compiler is at work, are not counted.
 */
export async function compare<Name extends string>(
  contenders: Readonly<Record<Name, Contender>>,
  { rounds, warmUp }: { rounds: number; warmUp: number },
): Promise<Record<Name, number[]>> {
  const values = new Map<string, number[]>();
  for (let round = 0; round < warmUp + rounds; round += 1) {
    for (const [name, { units, work }] of Object.entries<Contender>(contenders)) {
      const each = (await cpuMicroseconds(work)) / units;
      if (round >= warmUp) values.set(name, [...(values.get(name) ?? []), each]);
    }
  }
  return Object.fromEntries(values) as Record<Name, number[]>;
}
