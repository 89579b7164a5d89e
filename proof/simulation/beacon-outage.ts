import type { BeaconChain } from '../../lambda/core/beacon.ts';
import { timeOfRound } from '../../lambda/core/beacon.ts';
import type { AwsAnswer, Interceptor } from '../../local/proxy/aws-call.ts';
import { isForBeacon } from './beacon.ts';

/** When no mirror is in reach, ms. */
export interface OutageTimes {
  readonly from: number;
  readonly until: number;
}

/** Before it must have been told that a round is missing, ms: the longest wait from one look to the next, and some. */
const TOLD_WITHIN_MS = 90_000;

const unavailable: AwsAnswer = {
  status: 503,
  headers: { 'content-type': 'text/plain' },
  body: Buffer.from('Injected\n'),
};

/** Refuses what is for the beacon, as long as it is out of reach; all else goes on. */
export function withBeaconOutage(
  times: OutageTimes | undefined,
  now: () => number,
  intercept: Interceptor,
): Interceptor {
  if (times === undefined) return intercept;
  const isOut = () => times.from <= now() && now() < times.until;
  return (call, forward) =>
    isForBeacon(call) && isOut() ? Promise.resolve(unavailable) : intercept(call, forward);
}

/**
 * A draw whose round came long before the end of the outage has waited for it: somebody was told.
 * @param told how often a round was said to be missing
 * @returns violations, in words
 */
export function untoldOutage(
  times: OutageTimes | undefined,
  closed: readonly { readonly drawId: string; readonly beacon?: ClosedWith | undefined }[],
  told: number,
): string[] {
  if (times === undefined || told > 0) return [];
  const { from, until } = times;
  const waited = closed.find(({ beacon }) => {
    const at = beacon && timeOfRound(beacon.chain, beacon.round);
    return at !== undefined && from <= at && at + TOLD_WITHIN_MS < until;
  });
  return waited ? [`draw ${waited.drawId} waited for the beacon, and nobody was told`] : [];
}

interface ClosedWith {
  readonly chain: BeaconChain;
  readonly round: number;
}
