import type { Fetched } from './access.ts';
import type { Progress } from './progress.ts';
import { type PendingRecord, toPendingRecord } from './record.ts';

interface OwnPartition {
  /** Where to read on. */
  next: bigint;
  /** Everything before it is finished. */
  done: bigint;
  /** Read, and not finished. */
  unfinished: number;
  end: bigint;
  askedAt: number | undefined;
}

/** The partitions of an assignment: where each is, and what was read of them. */
export class OwnPartitions {
  readonly numbers: readonly number[];
  readonly #progress: Progress;
  readonly #partitions = new Map<number, OwnPartition>();
  #queue: PendingRecord[] = [];
  #released = false;

  constructor(progress: Progress, numbers: readonly number[]) {
    this.#progress = progress;
    this.numbers = numbers;
  }

  /** Read, not yet in a batch. */
  get queue(): readonly PendingRecord[] {
    return this.#queue;
  }

  get unfinished(): number {
    return [...this.#partitions.values()].reduce((sum, { unfinished }) => sum + unfinished, 0);
  }

  /** Where to read on, by partition. */
  get next(): Map<number, bigint> {
    return new Map([...this.#partitions].map(([partition, { next }]) => [partition, next]));
  }

  begin(starts: ReadonlyMap<number, bigint>): void {
    for (const [partition, start] of starts) {
      this.#set(partition, { next: start, done: start, unfinished: 0, end: start, askedAt: undefined });
    }
  }

  /** Reads on there. */
  seek(offsets: ReadonlyMap<number, bigint>): void {
    for (const [partition, next] of offsets) this.#change(partition, () => ({ next }));
  }

  /** Takes in an answer. @returns whether it had records */
  accept(fetched: readonly Fetched[], askedAt: number, readAtMs: number): boolean {
    for (const { partition, records, next, end } of fetched) {
      for (const record of records) this.#queue.push(toPendingRecord(record, readAtMs));
      this.#change(partition, ({ unfinished }) => ({ next, end, unfinished: unfinished + records.length }));
    }
    // Those that are not in it had nothing new.
    for (const partition of this.numbers) this.#change(partition, () => ({ askedAt }));
    return fetched.some(({ records }) => records.length > 0);
  }

  takeOut(count: number): void {
    this.#queue.splice(0, count);
  }

  /** What to commit when these are finished: they are the next of their partitions. */
  offsetsAfter(items: readonly PendingRecord[]): Map<number, bigint> {
    const offsets = new Map<number, bigint>();
    for (const { partition, offset } of items) {
      if (offset >= (offsets.get(partition) ?? 0n)) offsets.set(partition, offset + 1n);
    }
    return offsets;
  }

  finish(items: readonly PendingRecord[]): void {
    const counts = Map.groupBy(items, ({ partition }) => partition);
    for (const [partition, done] of this.offsetsAfter(items)) {
      const finished = counts.get(partition)?.length ?? 0;
      this.#change(partition, ({ unfinished }) => ({ done, unfinished: unfinished - finished }));
    }
  }

  release(): void {
    this.#released = true;
    this.#progress.release(this);
  }

  #change(partition: number, change: (own: OwnPartition) => Partial<OwnPartition>): void {
    const own = this.#partitions.get(partition);
    if (own) this.#set(partition, { ...own, ...change(own) });
  }

  #set(partition: number, own: OwnPartition): void {
    this.#partitions.set(partition, own);
    if (this.#released) return;
    const { next, done, unfinished, end, askedAt } = own;
    // Behind the last record there may be markers, which nobody processes.
    this.#progress.set(this, partition, { done: unfinished === 0 ? next : done, end, askedAt });
  }
}
