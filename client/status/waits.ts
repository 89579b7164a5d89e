import type { Run } from '../lotteries.ts';
import type { Mapping } from '../mappings.ts';
import type { OpenDrawNow } from './open-draws.ts';
import type { Watermarks } from './shards.ts';

/** How late a tick may be before somebody is to blame for it, ms. */
const PATIENCE_MS = 2_000;

/** What a draw may wait for. */
export interface Conditions {
  /** ms. */
  readonly now: number;
  readonly watermarks: Watermarks;
  readonly mappings: readonly Mapping[];
}

/** What a draw that has no winner waits for, in words. None waits for the archive. */
export function waitsFor(draw: OpenDrawNow, { beacon }: Pick<Run, 'beacon'>, conditions: Conditions): string {
  const { now, mappings } = conditions;
  if (now < draw.windowEnd) return "its window's end";
  if (now < draw.dueAt) return 'its grace';
  const paused = mappings.filter(
    ({ functionName, state }) => functionName !== 'archive' && state !== 'Enabled',
  );
  if (paused.length > 0)
    return paused.map(({ functionName, state }) => `${functionName}, ${state}`).join('; ');
  if (draw.round !== undefined && draw.round > 0)
    return `round ${draw.round} of the beacon${roundTime(draw.round, beacon, now)}`;
  const slow = slowest(draw, conditions);
  if (slow !== undefined) return slow;
  return now < draw.dueAt + PATIENCE_MS ? 'its tick' : 'the functions ticks and draw';
}

function roundTime(round: number, beacon: Run['beacon'], now: number): string {
  if (beacon === undefined) return '';
  const at = (beacon.genesisSeconds + (round - 1) * beacon.periodSeconds) * 1000;
  return at > now
    ? `, in ${Math.ceil((at - now) / 1000)} s`
    : `, published ${Math.floor((now - at) / 1000)} s ago`;
}

/** A shard that is not past what the draw needs, and has something that it has not processed. */
function slowest(
  { dueAt }: OpenDrawNow,
  { watermarks: { shards, complete } }: Conditions,
): string | undefined {
  if (complete !== undefined && complete.watermark >= dueAt) return undefined;
  const late = shards.filter(({ watermark = 0, behindMs }) => watermark < dueAt && behindMs > 0);
  const [worst] = late.toSorted((left, right) => right.behindMs - left.behindMs);
  return worst && `shard ${worst.shard}, ${Math.ceil(worst.behindMs / 1000)} s behind`;
}
