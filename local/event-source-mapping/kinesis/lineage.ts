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

/** All shards of a stream that still exist, closed ones too. @throws what the client throws. */
export async function listShards(
  client: KinesisClient,
  stream: string,
  abortSignal: AbortSignal,
): Promise<ShardLink[]> {
  const shards: ShardLink[] = [];
  let NextToken: string | undefined;
  do {
    // With a token the stream's name must not be given again (Kinesis API reference, ListShards).
    const command = new ListShardsCommand(NextToken ? { NextToken } : { StreamName: stream });
    const page = await client.send(command, { abortSignal });
    shards.push(...(page.Shards ?? []).map(link));
    NextToken = page.NextToken;
  } while (NextToken);
  return shards;
}

function link({ ShardId, ParentShardId, AdjacentParentShardId }: ShardDescription): ShardLink {
  const parents = [ParentShardId, AdjacentParentShardId].filter((id) => id !== undefined);
  return { shardId: ShardId ?? '', parents };
}

/**
 * The shards to start now: those that were not started, with every parent drained. Children come after their
 * parents, or a key's records would overtake each other. A parent that the stream no longer lists has expired.
 */
export function startable(
  shards: readonly ShardLink[],
  isStarted: (shardId: string) => boolean,
  isFinished: (shardId: string) => boolean,
): ShardLink[] {
  const listed = new Set(shards.map(({ shardId }) => shardId));
  return shards.filter(
    ({ shardId, parents }) =>
      !isStarted(shardId) &&
      !isFinished(shardId) &&
      parents.every((parent) => !listed.has(parent) || isFinished(parent)),
  );
}
