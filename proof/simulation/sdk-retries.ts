import type { Random } from '../../local/faults/random.ts';
import type { Scheduler } from './scheduler.ts';
import type { SimulatedClientsOptions } from './services/clients.ts';

/** As the functions' clients are set (lambda/adapters/clients.ts). */
const ATTEMPTS = 4;
/** As the SDK's standard strategy waits: up to 100 ms before the second attempt, twice as long before each further one. */
const FIRST_PAUSE_MS = 100;

const PASSING = new Set([
  'ECONNRESET',
  'TimeoutError',
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'RequestThrottled',
  'LimitExceededException',
  'InternalServerError',
  'InternalFailure',
  'ServiceUnavailable',
]);

/** The SDK's retries, in the time of a simulation: its own strategies wait with a timer. */
export function sdkRetries(
  scheduler: Scheduler,
  random: Random,
): Exclude<SimulatedClientsOptions['retryStrategy'], undefined> {
  return {
    async retry(next, args) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await next(args);
        } catch (error) {
          if (attempt === ATTEMPTS || !isPassing(error)) throw error;
        }
        await scheduler.clock.sleep(random.next() * FIRST_PAUSE_MS * 2 ** (attempt - 1));
      }
    },
  };
}

function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  return PASSING.has(error.name) || PASSING.has(code) || statusOf(error) >= 500;
}

function statusOf(error: Error): number {
  const metadata: unknown = Reflect.get(error, '$metadata');
  return typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata
    ? Number(metadata.httpStatusCode)
    : 0;
}
