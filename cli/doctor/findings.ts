import type { PipelineNow } from '../../client/status/status.ts';

/** From the heaviest: what is lost if nobody does anything, what stands still, what is late, what may mislead. */
const weights = [
  'failed batches',
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

/** @param before the same, a look earlier: a shard that is behind and has not moved since then is stuck */
export function shardFindings({ shards }: PipelineNow, before: PipelineNow): Finding[] {
  const earlier = new Map(before.shards.map(({ shard, watermark }) => [shard, watermark]));
  const behind = shards.filter(({ behindMs }) => behindMs > LAG_MS);
  return behind.map(({ shard, watermark, behindMs }) => {
    const isStuck = earlier.has(shard) && earlier.get(shard) === watermark;
    const topic = isStuck ? 'stuck shard' : 'lag';
    return wrong(topic, `${shard} is ${seconds(behindMs)} behind${isStuck ? ' and does not move' : ''}`);
  });
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

/** Draws that should have a winner by now: of the beacon, where they are closed and its round is published by now. */
export function drawFindings(draws: readonly WaitingDraw[], now: number): Finding[] {
  return draws
    .filter(({ dueAt }) => now > dueAt + DRAW_MS)
    .map(({ drawId, dueAt, round = 0, waitsFor }) =>
      wrong(
        round > 0 ? 'beacon' : 'draws',
        `draw ${drawId} is ${seconds(now - dueAt)} late: waits for ${waitsFor}`,
      ),
    );
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
      `this machine's clock is ${seconds(Math.abs(skewMs))} ${skewMs > 0 ? 'ahead' : 'late'}: its clicks may be rejected`,
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

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
