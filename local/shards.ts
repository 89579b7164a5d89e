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

/**
 * All shards of a stream that still exist, closed ones too, whatever the number of pages.
 * @throws what the client throws
 */
export async function listShards(
  client: KinesisClient,
  stream: string,
  abortSignal?: AbortSignal,
): Promise<ShardLink[]> {
  const shards: ShardLink[] = [];
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

function link({ ShardId, ParentShardId, AdjacentParentShardId }: ShardDescription): ShardLink {
  const parents = [ParentShardId, AdjacentParentShardId].filter((id) => id !== undefined);
  return { shardId: ShardId ?? '', parents };
}
