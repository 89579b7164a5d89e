import type { Consumer } from '@platformatic/kafka';
import type { Generation, GroupOffsets } from './access.ts';
import { groupClient, hasErrorOf } from './client.ts';
import type { KafkaContext } from './context.ts';

/** The group has another generation, or does not know the member: its partitions are somebody else's. */
const FENCED = ['ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID', 'REBALANCE_IN_PROGRESS', 'FENCED_INSTANCE_ID'];

/**
 * A client of its own bears the generation in which records were read: the member's own one rejoins and commits under the next,
 * and would set back whoever has the partition by then.
 */
export class BrokerOffsets implements GroupOffsets {
  readonly #topic: string;
  readonly #client: Consumer;

  constructor(context: KafkaContext, { generationId, memberId }: Generation) {
    this.#topic = context.topic;
    this.#client = groupClient(context);
    this.#client.generationId = generationId;
    this.#client.memberId = memberId;
  }

  async load(partitions: readonly number[]): Promise<Map<number, bigint>> {
    const topic = this.#topic;
    const committed = await this.#client.listCommittedOffsets({
      topics: [{ topic, partitions: [...partitions] }],
    });
    // The client's list is by partition number, with holes.
    const offsets = committed.get(topic) ?? [];
    return new Map(
      partitions.flatMap((partition) => {
        const offset = offsets[partition] ?? -1n;
        return offset < 0n ? [] : [[partition, offset] as const];
      }),
    );
  }

  async commit(offsets: ReadonlyMap<number, bigint>): Promise<boolean> {
    const topic = this.#topic;
    try {
      await this.#client.commit({
        offsets: [...offsets].map(([partition, offset]) => ({ topic, partition, offset, leaderEpoch: -1 })),
      });
      return true;
    } catch (error) {
      if (hasErrorOf(error, FENCED)) return false;
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#client.close(true).catch(() => undefined);
  }
}
