import { hash } from 'node:crypto';
import type { KinesisClient, Shard } from '@aws-sdk/client-kinesis';
import { ListShardsCommand } from '@aws-sdk/client-kinesis';

interface OpenShard {
  readonly shardId: string;
  /** The first hash key that it takes, 128 bits in hex: as text they compare as numbers do. */
  readonly first: string;
}

/** Which of a stream's shards a partition key belongs to (Kinesis API reference, PutRecord). */
export class ShardMap {
  /** By their first hash keys, the highest first. */
  readonly #shards: readonly OpenShard[];

  constructor(shards: readonly Shard[]) {
    this.#shards = shards
      .flatMap(({ ShardId, HashKeyRange, SequenceNumberRange }): OpenShard[] => {
        const isOpen = SequenceNumberRange?.EndingSequenceNumber === undefined;
        const first = HashKeyRange?.StartingHashKey;
        return isOpen && ShardId && first ? [{ shardId: ShardId, first: hexOf(first) }] : [];
      })
      .sort((left, right) => (left.first < right.first ? 1 : -1));
  }

  /** @throws Error where the stream has no open shard, which never is for long */
  shardOf(partitionKey: string): string {
    const key = hash('md5', partitionKey);
    const shard = this.#shards.find(({ first }) => first <= key) ?? this.#shards.at(-1);
    if (shard === undefined) throw new Error('A stream has no open shard');
    return shard.shardId;
  }

  /** A hash key of a shard: a decimal. */
  hashKeyOf(shardId: string): string {
    const shard = this.#shards.find((each) => each.shardId === shardId);
    return BigInt(`0x${shard?.first ?? '0'}`).toString();
  }
}

function hexOf(decimal: string): string {
  return BigInt(decimal).toString(16).padStart(32, '0');
}

/** As the stream is now. @throws what the client throws */
export async function listShardMap(client: KinesisClient, stream: string): Promise<ShardMap> {
  const shards: Shard[] = [];
  let token: string | undefined;
  do {
    const input = token === undefined ? { StreamName: stream } : { NextToken: token };
    const page = await client.send(new ListShardsCommand(input));
    shards.push(...(page.Shards ?? []));
    token = page.NextToken;
  } while (token !== undefined);
  return new ShardMap(shards);
}
