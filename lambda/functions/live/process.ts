import type { InputRecord } from '../../core/decode.ts';
import type { SourcePosition } from '../../core/ids.ts';
import { channelOf } from '../../core/live-channel.ts';
import { liveEventOf } from '../../core/live-events.ts';
import type { LiveDependencies } from './dependencies.ts';
import { publishAll } from './publish.ts';
import { indexTarget, lotteryTarget } from './targets.ts';
import type { OfLottery, Sequenced } from './write-parts.ts';
import { writeParts } from './write-parts.ts';

/** Lotteries at a time. */
const inFlight = 16;

/**
 * One batch of an output stream: what it says of each lottery is stored, each record of it once, and then the
 * lotteries' views are published, and the list of them. Whatever fails, the whole batch comes again: what is stored is then
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
  await publishAll(
    [...touched].map((channel) => lotteryTarget(channel, dependencies)),
    inFlight,
    dependencies,
  );
  if (touched.size > 0) await publishAll([indexTarget(dependencies)], 1, dependencies);
  return [];
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
