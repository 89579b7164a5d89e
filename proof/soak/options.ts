import type { Assembly } from '../../local/cloudformation/assembly.ts';
import type { FaultRates } from '../../local/faults/plan.ts';

export interface SoakOptions {
  environment: string;
  /** How long the players play, under faults. */
  seconds: number;
  players: number;
  /** Events per second, of all players together. */
  rate: number;
  /** Of the faults and of the players' events. */
  seed: number | string;
  rates?: Partial<FaultRates>;
  /** Settings for this run, beside `soakContext`. */
  context?: Readonly<Record<string, unknown>>;
  assembly?: Assembly;
  /** The brokers, where the environment's connector is Kafka: `embedded`, or `host:port`. */
  kafka?: string;
  /** How long everything may take to drain after the last fault, in seconds. */
  drainSeconds: number;
  /** What reproduces the run. */
  command: string;
  onProgress?: (line: string) => void;
  /** Gives up, whatever is under way: what was started is stopped, and `runSoak` throws its reason. */
  signal?: AbortSignal;
}

/**
 * Short windows make more draws, and more objects of the archive; short time-outs make calls that hang time out soon. Nobody
 * looks at the page.
 */
export function soakContext(environment: string): Record<string, unknown> {
  return {
    [`${environment}:windowSeconds`]: '2',
    [`${environment}:graceSeconds`]: '1',
    [`${environment}:archiveBatchingSeconds`]: '1',
    [`${environment}:livePage`]: 'off',
    [`${environment}:timeoutSeconds`]: '5',
    [`${environment}:ticksTimeoutSeconds`]: '8',
    [`${environment}:ticksVisibilitySeconds`]: '48',
  };
}
