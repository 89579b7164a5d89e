import type { Heartbeat } from '../../core/events.ts';
import type { InputStreams } from '../../ports/connector.ts';
import type { HeartbeatSender, InputName, InputShards, OpenShard, ShardKey } from '../../ports/ports.ts';
import type { KafkaClient } from './kafka-client.ts';

/** The partitions of the input topics: all of them are open, from the first one on, and none comes from another. */
export class KafkaInputs implements InputShards, HeartbeatSender {
  readonly #client: KafkaClient;
  readonly #topics: InputStreams;

  /** @param topics names by input */
  constructor(client: KafkaClient, topics: InputStreams) {
    this.#client = client;
    this.#topics = topics;
  }

  async open(): Promise<OpenShard[]> {
    const all = inputNames.map(async (input) => {
      const topic = this.#topics[input];
      if (topic === undefined) return [];
      const partitions = await this.#client.partitions(topic);
      // A window would be complete without it.
      if (partitions.length === 0) throw new Error(`Brokers name no partition of topic ${topic}`);
      return partitions.map((partition) => ({
        ...{ input, shardId: `${topic}-${partition}`, target: String(partition) },
      }));
    });
    return (await Promise.all(all)).flat();
  }

  async ancestors(): Promise<ShardKey[]> {
    return [];
  }

  async send(shards: readonly OpenShard[], heartbeat: Heartbeat): Promise<void> {
    const value = Buffer.from(JSON.stringify(heartbeat));
    for (const input of inputNames) {
      const topic = this.#topics[input];
      const records = shards
        .filter((shard) => shard.input === input)
        .map(({ target }) => ({ key: 'heartbeat', value, partition: Number(target) }));
      if (topic !== undefined && records.length > 0) await this.#client.produce(topic, records);
    }
  }
}

const inputNames: readonly InputName[] = ['lottery', 'user'];
