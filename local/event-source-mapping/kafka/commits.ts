import type { Consumer } from '@platformatic/kafka';
import { backoffMs } from '../emulation.ts';
import { groupClient, hasErrorOf } from './client.ts';
import type { KafkaContext } from './context.ts';
import type { Generation } from './membership.ts';

/** The group has another generation, or does not know the member: its partitions are somebody else's. */
const FENCED = ['ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID', 'REBALANCE_IN_PROGRESS', 'FENCED_INSTANCE_ID'];

/**
 * The offsets of a generation. A client of its own bears the generation in which records were read: the member's own one rejoins
 * and commits under the next, and would set back whoever has the partition by then.
 */
export class Commits {
  readonly #context: KafkaContext;
  readonly #client: Consumer;
  readonly #partitions: readonly number[];

  constructor(context: KafkaContext, { generationId, memberId, partitions }: Generation) {
    this.#context = context;
    this.#client = groupClient(context);
    this.#client.generationId = generationId;
    this.#client.memberId = memberId;
    this.#partitions = partitions;
  }

  /** By partition; those without one are missing. @throws what the brokers say */
  async load(): Promise<Map<number, bigint>> {
    const { topic } = this.#context;
    const partitions = [...this.#partitions];
    const committed = await this.#client.listCommittedOffsets({ topics: [{ topic, partitions }] });
    // The client's list is by partition number, with holes.
    const offsets = committed.get(topic) ?? [];
    return new Map(
      partitions.flatMap((partition) => {
        const offset = offsets[partition] ?? -1n;
        return offset < 0n ? [] : [[partition, offset] as const];
      }),
    );
  }

  /**
   * Tries until it is done, and once where the signal has aborted: what was processed while the mapping is being disabled
   * counts.
   * @returns false where the partitions are not the member's any more, or the signal aborted first
   */
  async store(offsets: ReadonlyMap<number, bigint>, signal: AbortSignal): Promise<boolean> {
    const { topic, observe, clock, settings } = this.#context;
    for (let failures = 1; failures === 1 || !signal.aborted; failures += 1) {
      try {
        await this.#client.commit({
          offsets: [...offsets].map(([partition, offset]) => ({ topic, partition, offset, leaderEpoch: -1 })),
        });
        return true;
      } catch (error) {
        if (hasErrorOf(error, FENCED)) return false;
        observe({ type: 'pollFailed', origin: topic, error });
        await clock.sleep(backoffMs(failures, settings), signal);
      }
    }
    return false;
  }

  async close(): Promise<void> {
    await this.#client.close(true).catch(() => undefined);
  }
}
