import type { LotteryResources } from '../../client/resources.ts';
import type { OuterStreams } from '../../client/streams/outer-streams.ts';
import type { Evidence } from '../audit/evidence.ts';
import type { Watch } from './observations.ts';

type Streams = Pick<Evidence, 'inputs' | 'parents' | 'published' | 'outputs'>;

/** How far apart stamps may be on one machine: it has one clock, and between reading it and the stamp lies a little. */
export const slackMs = 50;

/** All that a watcher has read of the streams, and how their shards descend from each other. */
export async function streamsOf(
  { inputs, outputs }: Watch,
  outer: OuterStreams,
  { lotteryEventsInput, userEventsInput }: LotteryResources,
): Promise<Streams> {
  return {
    inputs,
    parents: {
      lottery: await parentsOf(outer, lotteryEventsInput),
      user: await parentsOf(outer, userEventsInput),
    },
    published: { lottery: outputs.published('lottery'), user: outputs.published('user') },
    outputs: { lottery: outputs.of('lottery'), user: outputs.of('user') },
  };
}

async function parentsOf(outer: OuterStreams, stream: string): Promise<Map<string, readonly string[]>> {
  const shards = await outer.shards(stream);
  return new Map(shards.map(({ shardId, parents }) => [shardId, parents]));
}
