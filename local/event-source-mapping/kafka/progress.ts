/** How far one partition is. Offsets of the next record each. */
export interface PartitionProgress {
  /** Everything before it is finished, and committed. */
  done: bigint;
  /** The log's end, as of the last answer. */
  end: bigint;
  /** When the last answer was asked for; ms. Undefined: there was none yet. */
  askedAt: number | undefined;
}

/** What a mapping knows of its topic's partitions, whichever poller has them. */
export class Progress {
  readonly #partitions = new Map<number, { owner: object; progress: PartitionProgress }>();
  readonly #onChange: () => void;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  get partitions(): ReadonlyMap<number, PartitionProgress> {
    return new Map([...this.#partitions].map(([partition, { progress }]) => [partition, progress]));
  }

  set(owner: object, partition: number, progress: PartitionProgress): void {
    this.#partitions.set(partition, { owner, progress });
    this.#onChange();
  }

  /** Has those look again who wait for something. */
  changed(): void {
    this.#onChange();
  }

  /** It has none any more; those that another one has by now stay. */
  release(owner: object): void {
    for (const [partition, entry] of this.#partitions) {
      if (entry.owner === owner) this.#partitions.delete(partition);
    }
    this.#onChange();
  }
}
