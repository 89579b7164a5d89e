import type { MappingStatus } from '../../local/event-source-mapping/index.ts';

export interface Status extends Pick<MappingStatus, 'functionName' | 'state' | 'behindMs' | 'unfinished'> {
  /** Whether its function may not run at all. */
  isThrottled: boolean;
}

/** A function with all of its event source mappings. */
export interface FunctionRow {
  name: string;
  /** Whether one of them is disabled, or the function may not run. */
  isPaused: boolean;
  /** Age of the oldest record that was read and is not finished, ms; 0 where there is none. */
  behindMs: number;
  /** Records or messages read and not finished. */
  unfinished: number;
  /** Invocations that failed, so far. */
  failures: number;
}

/** A row a function, in the order in which they come first. */
export function functionRows(
  statuses: readonly Status[],
  failures: ReadonlyMap<string, number>,
): FunctionRow[] {
  return [...Map.groupBy(statuses, ({ functionName }) => functionName)].map(([name, own]) => ({
    name,
    isPaused: own.some(({ state, isThrottled }) => isThrottled || state === 'Disabled'),
    behindMs: Math.max(...own.map(({ behindMs }) => behindMs)),
    unfinished: own.reduce((sum, { unfinished }) => sum + unfinished, 0),
    failures: failures.get(name) ?? 0,
  }));
}
