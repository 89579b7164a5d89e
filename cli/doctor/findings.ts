import { isPaused } from '../../client/mappings.ts';
import type { PipelineNow } from '../../client/status/status.ts';
import { countdown } from '../times.ts';

/** From the heaviest: what is lost if nobody does anything, what stands still, what is late, what may mislead. */
const weights = [
  'failed batches',
  'topics',
  'stuck shard',
  'paused',
  'beacon',
  'draws',
  'lag',
  'alarms',
  'clock',
  'versions',
] as const;

export type Topic = (typeof weights)[number];

export interface Finding {
  topic: Topic;
  /** What is so, in a line. */
  text: string;
  /** Whether something is wrong; else it is only said. */
  isWrong: boolean;
}

/** Above it a shard is behind, and one whose watermark has not moved for a look is stuck, ms. */
const LAG_MS = 10_000;
/** From so far on receipts' and clicks' times mislead, ms. */
const CLOCK_MS = 2_000;
/** How late a winner may be, ms, before somebody should look: as the setting alarmDrawDelaySeconds. */
const DRAW_MS = 15_000;

export function inOrder(findings: readonly Finding[]): Finding[] {
  return findings.toSorted(
    (left, right) =>
      Number(right.isWrong) - Number(left.isWrong) ||
      weights.indexOf(left.topic) - weights.indexOf(right.topic),
  );
}

/**
 * @param before the same, a look earlier: a shard that is behind and has not moved since then is stuck, unless its function is
 *   paused: then that is what is wrong
 */
export function shardFindings({ shards, mappings }: PipelineNow, before: PipelineNow): Finding[] {
  const earlier = new Map(before.shards.map(({ shard, watermark }) => [shard, watermark]));
  const behind = shards.filter(({ behindMs }) => behindMs > LAG_MS);
  return behind.map(({ shard, watermark, behindMs }) => {
    const late = `${shard} is ${duration(behindMs)} behind`;
    const paused = mappings.find((each) => isPaused(each) && shard.startsWith(inputOf(each.functionName)));
    if (paused) return wrong('lag', `${late}: ${paused.functionName} is paused`);
    if (earlier.get(shard) !== watermark || !earlier.has(shard))
      return wrong('lag', `${late} (docs/runbook.md, input-lag)`);
    return wrong('stuck shard', `${late} and does not move (docs/runbook.md, A shard holds draws up)`);
  });
}

/** How names of the shards begin that it reads: `user-events` those of `user/`. */
function inputOf(functionName: string): string {
  return functionName.replace(/-events$/, '/');
}

export function pausedFindings({ mappings }: PipelineNow): Finding[] {
  return mappings
    .filter(({ state }) => state !== 'Enabled')
    .map(({ functionName, source, state }) =>
      wrong(
        'paused',
        `${functionName} gets nothing from ${source}: ${state} (lottery resume ${functionName})`,
      ),
    );
}

export interface WaitingDraw {
  drawId: string;
  dueAt: number;
  round?: number;
  waitsFor: string;
}

/**
 * Draws that should have a winner by now: a finding for all that wait for the beacon, closed and with a round, and one for the
 * others, or for all where a function is paused. The oldest is named.
 */
export function drawFindings(
  draws: readonly WaitingDraw[],
  { mappings }: Pick<PipelineNow, 'mappings'>,
  now: number,
): Finding[] {
  const late = draws
    .filter(({ dueAt }) => now > dueAt + DRAW_MS)
    .toSorted((left, right) => left.dueAt - right.dueAt);
  const isHeld = mappings.some((mapping) => mapping.functionName !== 'archive' && isPaused(mapping));
  const byTopic = Map.groupBy(late, ({ round = 0 }) => (round > 0 && !isHeld ? 'beacon' : 'draws'));
  return [...byTopic].map(([topic, some]) => wrong(topic, `${latenessOf(some, now)} ${drawHelp[topic]}`));
}

const drawHelp = {
  beacon: '(it does not answer, or draw is behind: docs/runbook.md, A round of the beacon does not come)',
  draws: '(docs/runbook.md, draws-late)',
} as const;

/** @param draws the oldest first */
function latenessOf(draws: readonly WaitingDraw[], now: number): string {
  const [oldest] = draws;
  if (oldest === undefined) return '';
  const { drawId, dueAt, waitsFor } = oldest;
  const late = duration(now - dueAt);
  const which =
    draws.length === 1
      ? `draw ${drawId} is ${late} late`
      : `${draws.length} draws are late, the oldest, ${drawId}, by ${late}`;
  return `${which}: waits for ${waitsFor}`;
}

/** @param count of objects in the artifacts bucket @param bucket its name */
export function batchFindings(count: number, bucket: string): Finding[] {
  if (count === 0) return [];
  const text = `${count} failed ${count === 1 ? 'batch lies' : 'batches lie'} in the artifacts bucket: npm run redrive -- --bucket ${bucket}`;
  return [wrong('failed batches', text)];
}

/** @param skewMs how much later it is here than there; undefined where nobody says what time it is */
export function clockFindings(skewMs: number | undefined): Finding[] {
  if (skewMs === undefined) return [said('clock', 'no answer says what time it is there')];
  if (Math.abs(skewMs) <= CLOCK_MS) return [];
  return [
    wrong(
      'clock',
      `this machine's clock is ${duration(Math.abs(skewMs))} ${skewMs > 0 ? 'ahead' : 'late'}: its clicks may be rejected`,
    ),
  ];
}

/** @param theirs undefined where the stacks do not say */
export function versionFindings(theirs: string | undefined, ours: string): Finding[] {
  if (theirs === ours) return [];
  if (theirs === undefined)
    return [wrong('versions', `the stacks do not say their version, this clone is ${ours}`)];
  return [wrong('versions', `version ${theirs} is deployed, this clone is ${ours}`)];
}

export function wrong(topic: Topic, text: string): Finding {
  return { topic, text, isWrong: true };
}

export function said(topic: Topic, text: string): Finding {
  return { topic, text, isWrong: false };
}

function duration(ms: number): string {
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : countdown(ms);
}
