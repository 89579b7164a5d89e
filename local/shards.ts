import { hash } from 'node:crypto';
import {
  type KinesisClient,
  ListShardsCommand,
  type Shard as ShardDescription,
} from '@aws-sdk/client-kinesis';

/** A shard and the shards it was split or merged from. */
export interface ShardLink {
  shardId: string;
  parents: readonly string[];
}

/** As the service lists it. */
export interface ListedShard extends ShardLink {
  /** The first and the last hash key that it takes, of 128 bits. */
  hashKeys: readonly [first: bigint, last: bigint];
}

/**
 * All shards of a stream that still exist, closed ones too, whatever the number of pages.
 * @throws what the client throws
 */
export async function listShards(
  client: KinesisClient,
  stream: string,
  abortSignal?: AbortSignal,
): Promise<ListedShard[]> {
  const shards: ListedShard[] = [];
  let NextToken: string | undefined;
  do {
    // With a token the stream's name must not be given again (Kinesis API reference, ListShards).
    const command = new ListShardsCommand(NextToken ? { NextToken } : { StreamName: stream });
    const page = await client.send(command, abortSignal && { abortSignal });
    shards.push(...(page.Shards ?? []).map(link));
    NextToken = page.NextToken;
  } while (NextToken);
  return shards;
}

function link({
  ShardId,
  ParentShardId,
  AdjacentParentShardId,
  HashKeyRange,
}: ShardDescription): ListedShard {
  const parents = [ParentShardId, AdjacentParentShardId].filter((id) => id !== undefined);
  const { StartingHashKey: first = '0', EndingHashKey: last = '0' } = HashKeyRange ?? {};
  return { shardId: ShardId ?? '', parents, hashKeys: [BigInt(first), BigInt(last)] };
}

/** Where a partition key's records go: to the shard that takes this hash key (Kinesis API reference, PutRecord). */
export function hashKeyOf(partitionKey: string): bigint {
  return BigInt(`0x${hash('md5', partitionKey)}`);
}
