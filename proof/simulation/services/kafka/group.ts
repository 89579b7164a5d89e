import type { Random } from '../../../../local/faults/random.ts';

/** What a member is told when the group has shared out its partitions anew. */
export interface Share {
  readonly generationId: number;
  readonly partitions: readonly number[];
}

/**
 * A consumer group of one topic: each partition is one member's. Generations begin at once, members hear of them later; until then
 * they read on what may be another's by now, and can commit nothing of it.
 */
export class Group {
  readonly #random: Random;
  /** By member: told of its partitions. */
  readonly #members = new Map<string, (share: Share) => void>();
  readonly #committed = new Map<number, number>();
  #generation = 0;
  #names = 0;
  #partitions = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** @param partitions that the topic has, as far as the member knows @returns its id */
  join(partitions: number, tell: (share: Share) => void): string {
    this.#names += 1;
    const member = `member-${this.#names}`;
    this.#members.set(member, tell);
    this.#share(partitions);
    return member;
  }

  /** A member has found that the topic has more. */
  grow(partitions: number): void {
    if (partitions > this.#partitions) this.#share(partitions);
  }

  leave(member: string): void {
    if (this.#members.delete(member)) this.#share(this.#partitions);
  }

  /** @returns false where the group has another generation, or does not know the member */
  commit(member: string, generationId: number, offsets: ReadonlyMap<number, number>): boolean {
    if (generationId !== this.#generation || !this.#members.has(member)) return false;
    for (const [partition, offset] of offsets) this.#committed.set(partition, offset);
    return true;
  }

  committed(partition: number): number | undefined {
    return this.#committed.get(partition);
  }

  #share(partitions: number): void {
    this.#generation += 1;
    this.#partitions = Math.max(this.#partitions, partitions);
    const members = this.#random.shuffled([...this.#members.keys()]);
    const numbers = Array.from({ length: this.#partitions }, (_, partition) => partition);
    for (const [index, member] of members.entries()) {
      const own = numbers.filter((partition) => partition % members.length === index);
      this.#members.get(member)?.({ generationId: this.#generation, partitions: own });
    }
  }
}
