import { backoffMs } from '../emulation.ts';
import type { Generation, GroupOffsets } from './access.ts';
import type { KafkaContext } from './context.ts';

/** The offsets of a generation. */
export class Commits {
  readonly #context: KafkaContext;
  readonly #offsets: GroupOffsets;
  readonly #partitions: readonly number[];

  constructor(context: KafkaContext, generation: Generation) {
    this.#context = context;
    this.#offsets = context.access.offsets(context, generation);
    this.#partitions = generation.partitions;
  }

  /** By partition; those without one are missing. @throws what the brokers say */
  load(): Promise<ReadonlyMap<number, bigint>> {
    return this.#offsets.load(this.#partitions);
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
        return await this.#offsets.commit(offsets);
      } catch (error) {
        observe({ type: 'pollFailed', origin: topic, error });
        await clock.sleep(backoffMs(failures, settings), signal);
      }
    }
    return false;
  }

  close(): Promise<void> {
    return this.#offsets.close();
  }
}
