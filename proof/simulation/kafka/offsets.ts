import type { Generation, GroupOffsets } from '../../../local/event-source-mapping/kafka/access.ts';
import type { KafkaContext } from '../../../local/event-source-mapping/kafka/context.ts';
import { answers } from '../services/kafka/kafka.ts';
import type { SimulatedAccessOptions } from './access.ts';
import { callBroker } from './call.ts';

export class SimulatedOffsets implements GroupOffsets {
  readonly #context: KafkaContext;
  readonly #generation: Generation;
  readonly #options: SimulatedAccessOptions;

  constructor(context: KafkaContext, generation: Generation, options: SimulatedAccessOptions) {
    this.#context = context;
    this.#generation = generation;
    this.#options = options;
  }

  async load(partitions: readonly number[]): Promise<Map<number, bigint>> {
    const { groupId: group } = this.#context;
    const { offsets } = await callBroker(
      this.#options,
      'OffsetFetch',
      { group, partitions },
      answers.OffsetFetch,
    );
    return bigints(offsets);
  }

  async commit(offsets: ReadonlyMap<number, bigint>): Promise<boolean> {
    const { memberId: member, generationId } = this.#generation;
    const { isStored } = await callBroker(
      this.#options,
      'OffsetCommit',
      {
        ...{ group: this.#context.groupId, member, generationId },
        offsets: numbers(offsets),
      },
      answers.OffsetCommit,
    );
    return isStored;
  }

  async close(): Promise<void> {}
}

export const bigints = (offsets: readonly (readonly [number, number])[]) =>
  new Map(offsets.map(([partition, offset]) => [partition, BigInt(offset)]));

const numbers = (offsets: ReadonlyMap<number, bigint>) =>
  [...offsets].map(([partition, offset]) => [partition, Number(offset)]);
