import type { SimulatedClientsOptions } from './clients.ts';

export interface RetryingOptions {
  /** How often a call is tried. */
  readonly attempts: number;
  readonly sleep: (ms: number) => Promise<void>;
  /** 0 to below 1. */
  readonly random: () => number;
}

/** As the SDK's standard strategy: AWS SDKs and Tools Reference Guide, "Retry behavior". */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 20_000;

const throttled = new Set([
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'ThrottlingException',
]);

/** Tries calls again as the SDK does, at a time and by a chance that are given: its own strategies set timers. */
export function retrying({
  attempts,
  sleep,
  random,
}: RetryingOptions): NonNullable<SimulatedClientsOptions['retryStrategy']> {
  return {
    async retry(next, args) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await next(args);
        } catch (error) {
          if (attempt >= attempts || !mayPass(error)) throw error;
          await sleep(random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 1)));
        }
      }
    },
  };
}

/** Throttled, failed within the service, cut off, or too long under way. */
function mayPass(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (
    throttled.has(error.name) ||
    error.name === 'TimeoutError' ||
    ('code' in error && error.code === 'ECONNRESET')
  )
    return true;
  const metadata = '$metadata' in error ? error.$metadata : undefined;
  const status =
    typeof metadata === 'object' && metadata && 'httpStatusCode' in metadata && metadata.httpStatusCode;
  return typeof status === 'number' && status >= 500;
}
