import type { Clock } from '../../local/clock.ts';
import type { EventSourceMapping } from '../../local/event-source-mapping/index.ts';
import type { AwsCall, Interceptor } from '../../local/proxy/aws-call.ts';

const TABLE = /"TableName":"[^"]*lotteries/i;

/** When starts and stops are written late, how late, and for how long from its begin they are not read at all, ms. */
export interface SlowTimes {
  readonly from: number;
  readonly pausedMs: number;
  readonly until: number;
  readonly byMs: number;
}

export interface SlowLotteriesOptions {
  readonly times: SlowTimes | undefined;
  /** Of the function that starts and stops. */
  readonly functionName: string;
  readonly clock: Clock;
}

/**
 * Somebody pauses the function that starts and stops, and then what it writes is late. So it has a batch that spans windows with
 * their grace: draws must wait until the first of it is written, however far the last has come.
 */
export function withSlowLotteries(
  { times, functionName, clock }: SlowLotteriesOptions,
  intercept: Interceptor,
): Interceptor {
  if (times === undefined) return intercept;
  const isSlow = () => times.from <= clock.now() && clock.now() < times.until;
  return async (call, forward) => {
    if (isWrite(call) && call.caller.startsWith(`${functionName}.`) && isSlow())
      await clock.sleep(times.byMs);
    return intercept(call, forward);
  };
}

/** Until the mapping has been paused, and goes on. */
export async function pauseLotteries(
  { times, clock }: SlowLotteriesOptions,
  mappings: readonly Pick<EventSourceMapping, 'disable' | 'enable'>[],
): Promise<void> {
  if (times === undefined) return;
  await clock.sleep(Math.max(0, times.from - clock.now()));
  await Promise.all(mappings.map((mapping) => mapping.disable()));
  await clock.sleep(times.pausedMs);
  for (const mapping of mappings) mapping.enable();
}

/** Of a lottery: seeds and watermarks have tables of their own. */
function isWrite({ service, operation, body }: AwsCall): boolean {
  return service === 'dynamodb' && operation === 'PutItem' && TABLE.test(body.toString('utf8'));
}
