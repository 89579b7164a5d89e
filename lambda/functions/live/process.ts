import type { InputRecord } from '../../core/decode.ts';
import type { SourcePosition } from '../../core/ids.ts';
import { channelOf } from '../../core/live-channel.ts';
import { liveEventOf } from '../../core/live-events.ts';
import type { RunKey } from '../../core/window.ts';
import type { LiveDependencies } from './dependencies.ts';
import { learnRuns } from './learn-runs.ts';
import { publishAll } from './publish.ts';
import { indexTarget, lotteryTarget } from './targets.ts';
import type { OfLottery, Sequenced } from './write-parts.ts';
import { writeParts } from './write-parts.ts';

/** Lotteries at a time. */
const inFlight = 16;

/**
 * One batch of an output stream: what it says of each lottery is stored, each record of it once, and then the
 * lotteries' views are published, and the list of them. A run whose start is on no stream any more is learnt from the
 * lotteries table. Whatever fails, the whole batch comes again: what is stored is then
 * not counted again, and what was not published to its end is.
 *
 * @returns nothing of it fails alone
 * @throws when something is not stored or not published after all attempts
 */
export async function processLive(
  records: readonly InputRecord[],
  dependencies: LiveDependencies,
): Promise<readonly SourcePosition[]> {
  const batches = [...Map.groupBy(records, shardOf)];
  const touched = new Set<string>();
  for (const [shard, ofShard] of batches) {
    const written = await writeParts(shard, byLottery(ofShard), inFlight, dependencies);
    for (const channel of written) touched.add(channel);
  }
  const unknown = await publishLotteries([...touched], dependencies);
  const learnt = await learnRuns(unknown, inFlight, dependencies);
  await publishLotteries(learnt, dependencies);
  if (touched.size > 0) await publishAll([indexTarget(dependencies, inFlight)], 1, dependencies);
  return [];
}

/** @returns the runs of which there is something to show and no start, by channel */
async function publishLotteries(
  channels: readonly string[],
  dependencies: LiveDependencies,
): Promise<Map<string, RunKey>> {
  const unknown = new Map<string, RunKey>();
  const targets = channels.map((channel) =>
    lotteryTarget(channel, dependencies, (run) => unknown.set(channel, run)),
  );
  await publishAll(targets, inFlight, dependencies);
  return unknown;
}

function shardOf({ stream, source }: InputRecord): string {
  return `${stream}/${source.shardId}`;
}

function byLottery(records: readonly InputRecord[]): OfLottery[] {
  const found = new Map<string, Sequenced[]>();
  for (const { source, data } of records) {
    const event = liveEventOf(data);
    if (event === undefined) continue;
    const sequenced = { event, sequenceNumber: source.sequenceNumber };
    const known = found.get(event.lotteryId);
    if (known === undefined) found.set(event.lotteryId, [sequenced]);
    else known.push(sequenced);
  }
  return [...found].map(([lotteryId, events]) => ({ lotteryId, channel: channelOf(lotteryId), events }));
}
