import { createHash } from 'node:crypto';
import { z } from 'zod';

const page = z.object({
  NextToken: z.string().nullish(),
  Shards: z.array(
    z.object({
      ShardId: z.string(),
      HashKeyRange: z.object({ StartingHashKey: z.string(), EndingHashKey: z.string() }),
      SequenceNumberRange: z.object({ EndingSequenceNumber: z.string().nullish() }),
    }),
  ),
});

interface OpenShard {
  readonly shardId: string;
  /** Both inclusive. */
  readonly start: bigint;
  readonly end: bigint;
}

/** Asks the engine for a page of a stream's shards. @returns its answer's JSON; undefined when it is refused */
export type ListShards = (input: object) => Promise<unknown>;

/** Which shard a record will go to. What is known of a stream is kept until it is forgotten. */
export class OpenShards {
  readonly #streams = new Map<string, readonly OpenShard[]>();

  /** @returns undefined when there is no such stream, or no such hash key */
  async shardOf(
    stream: string,
    record: { readonly PartitionKey: string; readonly ExplicitHashKey?: string | null | undefined },
    list: ListShards,
  ): Promise<string | undefined> {
    const shards = this.#streams.get(stream) ?? (await this.#ask(stream, list));
    const key = hashKeyOf(record);
    return shards.find(({ start, end }) => key !== undefined && start <= key && key <= end)?.shardId;
  }

  /** Shards of the stream were split or merged, or it is another one now. */
  forget(stream: string): void {
    this.#streams.delete(stream);
  }

  async #ask(stream: string, list: ListShards): Promise<readonly OpenShard[]> {
    const shards: OpenShard[] = [];
    let NextToken: string | undefined;
    do {
      const { success, data } = page.safeParse(
        await list(NextToken ? { NextToken } : { StreamName: stream }),
      );
      if (!success) return [];
      shards.push(...data.Shards.flatMap(openShard));
      NextToken = data.NextToken ?? undefined;
    } while (NextToken !== undefined);
    if (shards.length > 0) this.#streams.set(stream, shards);
    return shards;
  }
}

function openShard({
  ShardId: shardId,
  HashKeyRange: { StartingHashKey, EndingHashKey },
  SequenceNumberRange,
}: z.output<typeof page>['Shards'][number]): OpenShard[] {
  if (typeof SequenceNumberRange.EndingSequenceNumber === 'string') return [];
  return [{ shardId, start: BigInt(StartingHashKey), end: BigInt(EndingHashKey) }];
}

/** A partition key's hash key is its MD5 (Kinesis API reference, PutRecord). */
function hashKeyOf({ PartitionKey, ExplicitHashKey }: Parameters<OpenShards['shardOf']>[1]) {
  if (typeof ExplicitHashKey !== 'string') {
    return BigInt(`0x${createHash('md5').update(PartitionKey).digest('hex')}`);
  }
  // The engine takes any number of zeros before it.
  return /^0*\d{1,39}$/.test(ExplicitHashKey) ? BigInt(ExplicitHashKey.replace(/^0+(?=\d)/, '')) : undefined;
}
