import type { LoadResult } from './payloads/load.ts';

/** A figure of several rounds: what lies between the quartiles is half of them. Its unit is that of the values. */
export interface Figure {
  readonly median: number;
  readonly lower: number;
  readonly upper: number;
}

export function figureOf(values: readonly number[]): Figure {
  const sorted = values.toSorted((left, right) => left - right);
  return { median: quantile(sorted, 0.5), lower: quantile(sorted, 0.25), upper: quantile(sorted, 0.75) };
}

/** @param sorted ascending, at least one. @returns the value below which `share` of them lie */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** How many times `left` is of `right`, round by round: what else the machine does in a round hits both. */
export function ratioOf(left: readonly number[], right: readonly number[]): Figure {
  return figureOf(left.map((value, round) => value / (right[round] ?? Number.NaN)));
}

/** CPU time that this process took for `work`, all its threads (garbage collection too), in µs. */
export async function cpuMicroseconds(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

export interface Rounds {
  readonly rounds: number;
  /** Rounds before them, in which code is compiled and sockets are opened. They are not counted. */
  readonly warmUp: number;
}

/**
 * What each contender gives in each round. They take turns (A B C A B C), so that whatever else the machine does hits all of them:
 * values of one round belong together.
 */
export async function inTurns<Name extends string, Value>(
  contenders: Readonly<Record<Name, () => Promise<Value>>>,
  { rounds, warmUp }: Rounds,
): Promise<Record<Name, Value[]>> {
  const names = Object.keys(contenders) as Name[];
  const values = Object.fromEntries(names.map((name) => [name, [] as Value[]])) as Record<Name, Value[]>;
  for (let round = -warmUp; round < rounds; round += 1) {
    for (const name of names) {
      const value = await contenders[name]();
      if (round >= 0) values[name].push(value);
    }
  }
  return values;
}

/** CPU time for a click, µs. */
export function cpuPerClick(results: readonly LoadResult[]): number[] {
  return results.map(({ cpuMicroseconds, clicks }) => cpuMicroseconds / clicks);
}

/** The same without parsing the payloads. */
export function ownCpuPerClick(results: readonly LoadResult[]): number[] {
  return results.map(
    ({ cpuMicroseconds, parsingMicroseconds, clicks }) => (cpuMicroseconds - parsingMicroseconds) / clicks,
  );
}

export function parsingPerClick(results: readonly LoadResult[]): number[] {
  return results.map(({ parsingMicroseconds, clicks }) => parsingMicroseconds / clicks);
}
