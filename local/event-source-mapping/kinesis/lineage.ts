import type { ShardLink } from '../../shards.ts';

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
