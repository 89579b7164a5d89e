import { type BeaconChain, timeOfRound } from '../../core/beacon.ts';
import type { DrawDependencies } from './dependencies.ts';

/** A closed draw whose round is not to be had yet. */
export interface Wait {
  readonly drawId: string;
  readonly chain: BeaconChain;
  readonly round: number;
}

/** A round that is late is looked for after a quarter of the time that it is late by, within these, ms. */
const leastPauseMs = 1_000;
const mostPauseMs = 60_000;

/** Before it is told that one is missing, ms: mirrors have it a little later. */
const tellAfterMs = 3_000;

/** When to look for the first of them. @param now and @returns ms */
export function nextLook(waits: readonly Wait[], now: number): number {
  const looks = waits.map(({ chain, round }) => {
    const time = timeOfRound(chain, round);
    if (time > now) return time;
    return Math.round(now + Math.min(mostPauseMs, Math.max(leastPauseMs, (now - time) / 4)));
  });
  return Math.min(...looks);
}

/** Tells of rounds that should be there: of each chain the earliest, the others wait behind it. */
export function tellMissing(
  waits: readonly Wait[],
  { telemetry, now }: Pick<DrawDependencies, 'telemetry' | 'now'>,
): void {
  const late = waits.filter(({ chain, round }) => now() - timeOfRound(chain, round) > tellAfterMs);
  const latestFirst = late.toSorted((left, right) => right.round - left.round);
  const earliest = new Map(latestFirst.map((wait) => [wait.chain.chainHash, wait]));
  for (const { drawId, chain, round } of earliest.values()) {
    telemetry.count('beaconMissing');
    telemetry.warn('A round of the beacon is missing', { chain: chain.chainHash, round, drawId });
  }
}
