import { readNumber } from '../contract/variables.ts';
import { type BeaconChain, beaconChainSchema } from '../core/beacon.ts';
import type { WindowTiming } from '../core/window.ts';

/** Settings that several functions read from their environment, in milliseconds. */

const hourMs = 3_600_000;

/** Of the runs that are started. */
export function windowTiming(
  environment: Readonly<Record<'WINDOW_SECONDS' | 'GRACE_SECONDS', string>>,
): WindowTiming {
  return {
    windowMs: readNumber(environment, 'WINDOW_SECONDS') * 1000,
    graceMs: readNumber(environment, 'GRACE_SECONDS') * 1000,
  };
}

/** How long a record can come again: the stream's retention, and an hour for clocks that differ. */
export function retentionMs(environment: Readonly<Record<'STREAM_RETENTION_HOURS', string>>): number {
  return (readNumber(environment, 'STREAM_RETENTION_HOURS') + 1) * hourMs;
}

type ClockTolerance = Readonly<Record<'CLOCK_TOLERANCE_SECONDS', string>>;

/** undefined: timestamps may be as far from their arrival as they like, as in a replay of old events. */
export function clockToleranceMs(environment: ClockTolerance): number | undefined {
  if (isReplay(environment)) return undefined;
  return readNumber(environment, 'CLOCK_TOLERANCE_SECONDS') * 1000;
}

/** Whether old events are replayed: their own times count, and not their arrivals. */
export function isReplay({ CLOCK_TOLERANCE_SECONDS }: ClockTolerance): boolean {
  return CLOCK_TOLERANCE_SECONDS === 'off';
}

/**
 * The chain whose rounds decide the draws of the runs that are started; undefined: the seed alone does.
 * @throws Error that names the variable that is wrong
 */
export function beaconOf({
  RANDOMNESS,
  BEACON_CHAIN,
}: Readonly<Record<'RANDOMNESS' | 'BEACON_CHAIN', string>>): BeaconChain | undefined {
  if (RANDOMNESS === 'seed') return undefined;
  if (RANDOMNESS !== 'drand')
    throw new Error(`Environment variable RANDOMNESS must be 'drand' or 'seed', not '${RANDOMNESS}'`);
  const { data, error } = beaconChainSchema.safeParse(parsedJson(BEACON_CHAIN));
  if (error === undefined) return data;
  const [issue] = error.issues;
  const field = issue?.path.length ? `${issue.path.join('.')}: ` : '';
  throw new Error(`Environment variable BEACON_CHAIN is no chain of a beacon: ${field}${issue?.message}`);
}

/** Whether the mapping takes partial batch responses. @throws Error that names the variable where it is neither */
export function reportsFailures({
  KAFKA_REPORTS_FAILURES: value,
}: Readonly<Record<'KAFKA_REPORTS_FAILURES', string>>): boolean {
  if (value === 'on' || value === 'off') return value === 'on';
  throw new Error(`Environment variable KAFKA_REPORTS_FAILURES must be 'on' or 'off', not '${value}'`);
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether what goes out does so many events to a record. */
export function aggregatesOutputs(environment: Readonly<Record<'AGGREGATE_OUTPUTS', string>>): boolean {
  return environment.AGGREGATE_OUTPUTS === 'on';
}
