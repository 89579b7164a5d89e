import type { KinesisClient, Shard } from '@aws-sdk/client-kinesis';
import { ListShardsCommand } from '@aws-sdk/client-kinesis';
import type { Heartbeat } from '../core/events.ts';
import type { InputStreams } from '../ports/connector.ts';
import type { HeartbeatSender, InputName, InputShards, OpenShard, ShardKey } from '../ports/ports.ts';
import { KinesisPublisher } from './kinesis-publisher.ts';
import type { RetryPolicy } from './retry.ts';

/** The shards of the input streams. */
export class KinesisInputs implements InputShards, HeartbeatSender {
  readonly #client: KinesisClient;
  readonly #streams: readonly (readonly [InputName, string])[];
  readonly #retry: RetryPolicy;

  /** @param streams names by input */
  constructor(client: KinesisClient, streams: InputStreams, retry: RetryPolicy) {
    this.#client = client;
    this.#retry = retry;
    this.#streams = inputNames.flatMap((input) => {
      const stream = streams[input];
      return stream === undefined ? [] : [[input, stream] as const];
    });
  }

  async open(): Promise<OpenShard[]> {
    const all = this.#streams.map(async ([input, stream]) =>
      (await this.#list(stream)).flatMap((shard): OpenShard[] => {
        const { ShardId: shardId, HashKeyRange, SequenceNumberRange } = shard;
        const isOpen = SequenceNumberRange?.EndingSequenceNumber === undefined;
        const target = HashKeyRange?.StartingHashKey;
        return isOpen && shardId && target ? [{ input, shardId, target }] : [];
      }),
    );
    return (await Promise.all(all)).flat();
  }

  async ancestors({ input, shardId }: ShardKey): Promise<ShardKey[]> {
    const [, stream] = this.#streams.find(([name]) => name === input) ?? [];
    if (stream === undefined) return [];
    const shards = new Map((await this.#list(stream)).map((shard) => [shard.ShardId, shard]));
    const found = new Set<string>();
    const waiting = [shardId];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const shard = shards.get(next);
      for (const parent of [shard?.ParentShardId, shard?.AdjacentParentShardId]) {
        if (parent === undefined || found.has(parent)) continue;
        found.add(parent);
        waiting.push(parent);
      }
    }
    return [...found].map((parent) => ({ input, shardId: parent }));
  }

  async send(shards: readonly OpenShard[], heartbeat: Heartbeat): Promise<void> {
    const all = this.#streams.map(async ([input, stream]) => {
      const records = shards.flatMap((shard) =>
        shard.input === input
          ? [{ partitionKey: 'heartbeat', explicitHashKey: shard.target, value: heartbeat }]
          : [],
      );
      await new KinesisPublisher(this.#client, stream, { ...this.#retry, attempts: 1 }).publish(records);
    });
    await Promise.all(all);
  }

  async #list(stream: string): Promise<Shard[]> {
    const shards: Shard[] = [];
    let token: string | undefined;
    do {
      const input = token === undefined ? { StreamName: stream } : { NextToken: token };
      const page = await this.#client.send(new ListShardsCommand(input));
      shards.push(...(page.Shards ?? []));
      token = page.NextToken;
    } while (token !== undefined);
    return shards;
  }
}

const inputNames: readonly InputName[] = ['lottery', 'user'];
