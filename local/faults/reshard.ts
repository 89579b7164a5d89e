import {
  type KinesisClient,
  ListShardsCommand,
  MergeShardsCommand,
  type Shard,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import type { Random } from './random.ts';

interface OpenShard {
  id: string;
  /** Both inclusive. */
  start: bigint;
  end: bigint;
}

/** Each is polled by its mapping, and by whoever reads along: with so many, or by chance with two, neighbours are merged. */
const MOST_SHARDS = 3;
const MERGE_CHANCE = 0.5;

/**
 * Splits a shard of the stream in two or, where there are enough of them, merges two neighbours.
 * @throws what the client throws, a stream that is just being resharded included
 */
export async function reshard(
  kinesis: KinesisClient,
  stream: string,
  random: Random,
): Promise<'shardSplit' | 'shardsMerged'> {
  const shards = await openShards(kinesis, stream);
  const [left, right] = neighbours(shards, random);
  const isMerge = shards.length >= MOST_SHARDS || (shards.length === 2 && random.chance(MERGE_CHANCE));
  if (isMerge && left && right) {
    await kinesis.send(
      new MergeShardsCommand({ StreamName: stream, ShardToMerge: left.id, AdjacentShardToMerge: right.id }),
    );
    return 'shardsMerged';
  }
  const { id, start, end } = random.pick(shards);
  const middle = start + (end - start) / 2n + 1n;
  await kinesis.send(
    new SplitShardCommand({ StreamName: stream, ShardToSplit: id, NewStartingHashKey: middle.toString() }),
  );
  return 'shardSplit';
}

function neighbours(shards: readonly OpenShard[], random: Random): readonly (OpenShard | undefined)[] {
  const index = random.below(shards.length - 1);
  return [shards[index], shards[index + 1]];
}

/** In the order of their hash keys. Streams here have far fewer shards than one page lists (1,000). */
async function openShards(kinesis: KinesisClient, stream: string): Promise<OpenShard[]> {
  const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName: stream }));
  return Shards.flatMap(openShard).sort((left, right) => (left.start < right.start ? -1 : 1));
}

function openShard({ ShardId, HashKeyRange, SequenceNumberRange }: Shard): OpenShard[] {
  const { StartingHashKey, EndingHashKey } = HashKeyRange ?? {};
  if (ShardId === undefined || StartingHashKey === undefined || EndingHashKey === undefined) return [];
  if (SequenceNumberRange?.EndingSequenceNumber !== undefined) return [];
  return [{ id: ShardId, start: BigInt(StartingHashKey), end: BigInt(EndingHashKey) }];
}
