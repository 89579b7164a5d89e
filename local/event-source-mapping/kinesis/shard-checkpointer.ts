import { compareSequenceNumbers, type PendingRecord } from './record.ts';

/**
 * How far a shard is: its records in reading order with what is finished. Lanes finish out of order, so the
 * checkpoint is the record before the first unfinished one, and each lane's own position says what of the rest need
 * not come again.
 */
export class ShardCheckpointer {
  #unfinished: { item: PendingRecord; lane: number }[] = [];
  #sequenceNumber: string | undefined;
  readonly #lanes: (string | null)[];

  constructor(
    lanes: number,
    sequenceNumber: string | undefined,
    positions: readonly (string | null)[] | undefined,
  ) {
    this.#sequenceNumber = sequenceNumber;
    // Positions of another number of lanes say nothing about these.
    this.#lanes = positions?.length === lanes ? [...positions] : Array.from({ length: lanes }, () => null);
  }

  /** Every record up to this one is finished. */
  get sequenceNumber(): string | undefined {
    return this.#sequenceNumber;
  }

  get lanes(): readonly (string | null)[] {
    return this.#lanes;
  }

  get unfinished(): number {
    return this.#unfinished.length;
  }

  /** Arrival of the oldest unfinished record, ms. */
  get oldestArrivalMs(): number | undefined {
    return this.#unfinished[0]?.item.arrivalMs;
  }

  /** Whether the lane finished this record in an earlier run. */
  wasFinished(lane: number, sequenceNumber: string): boolean {
    const position = this.#lanes[lane];
    return typeof position === 'string' && compareSequenceNumbers(sequenceNumber, position) <= 0;
  }

  /** Adds a record, in reading order. */
  add(item: PendingRecord, lane: number): void {
    this.#unfinished.push({ item, lane });
  }

  /** Takes in which items are done by now. */
  update(): void {
    if (this.#lanes.length > 1) this.#updateLanes();
    const first = this.#unfinished.findIndex(({ item }) => !item.done);
    const finished = this.#unfinished.splice(0, first === -1 ? this.#unfinished.length : first);
    this.#sequenceNumber = finished.at(-1)?.item.sequenceNumber ?? this.#sequenceNumber;
  }

  #updateLanes(): void {
    for (const { item, lane } of this.#unfinished) {
      if (item.done && !this.wasFinished(lane, item.sequenceNumber)) this.#lanes[lane] = item.sequenceNumber;
    }
  }
}
