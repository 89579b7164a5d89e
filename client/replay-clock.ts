import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoTable } from '../lambda/adapters/dynamo-table.ts';
import { WatermarksTable } from '../lambda/adapters/watermarks-table.ts';
import type { HeartbeatSender, InputShards } from '../lambda/ports/ports.ts';
import type { OuterStreams } from './streams/outer-streams.ts';

/**
 * Moves the time of a replay on: each shard's is the largest time of a click or heartbeat in it, and windows are complete
 * when all open shards are past them. Shards that are opened by a reshard later have no time of their own before a record
 * comes: whoever waits has them told by `keepUp`.
 */
export class ReplayClock {
  readonly #inputs: InputShards & HeartbeatSender;
  #time = 0;
  /** By shard id, what it was told last. */
  readonly #told = new Map<string, number>();

  /** @param stream the name of user-events-input */
  constructor(outer: OuterStreams, stream: string) {
    this.#inputs = outer.inputs({ user: stream });
  }

  /** What all shards were told, ms; 0 at first. */
  get time(): number {
    return this.#time;
  }

  /** Puts a heartbeat of this time on all open shards, behind what is there. Never back. @throws when one is not put */
  async reach(time: number): Promise<void> {
    this.#time = Math.max(this.#time, time);
    await this.keepUp();
  }

  /** Tells those that were not told yet. @throws when one is not put */
  async keepUp(): Promise<void> {
    const time = this.#time;
    if (time === 0) return;
    const open = await this.#inputs.open();
    const behind = open.filter(({ shardId }) => (this.#told.get(shardId) ?? 0) < time);
    await this.#inputs.send(behind, { type: 'Heartbeat', time });
    for (const { shardId } of behind) this.#told.set(shardId, time);
  }
}

export interface ReplayedOptions {
  outer: OuterStreams;
  dynamodb: DynamoDBClient;
  /** The name of user-events-input. */
  stream: string;
  /** The name of the watermarks table. */
  table: string;
}

/** The latest time that a shard has seen, of what is processed, ms; 0 where nothing was replayed. @throws when it cannot be read */
export async function replayedUpTo({ outer, dynamodb, stream, table }: ReplayedOptions): Promise<number> {
  const inputs = outer.inputs({ user: stream });
  const open = await inputs.open();
  // One that a reshard has just opened begins where those ended that it came from.
  const before = await Promise.all(open.map((shard) => inputs.ancestors(shard)));
  const shards = new Map([...open, ...before.flat()].map((shard) => [shard.shardId, shard]));
  const watermarks = new WatermarksTable(dynamodb, new DynamoTable(dynamodb, table));
  const progress = await watermarks.progressOf([...shards.values()]);
  return Math.max(0, ...progress.map((each) => each?.clock ?? 0));
}
