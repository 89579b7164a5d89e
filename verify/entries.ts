/** The entries of all draws, by column: a million of them are to fit into memory. */
import { NumberColumn, TextColumn } from './columns.ts';
import type { Accepted } from './events.ts';
import type { Draw } from './ledger.ts';
import { TextSet } from './text-set.ts';

/** Where a receipt proves that an entry stands: a leaf of the tree with a root, hex, and so many leaves. */
export type Leaf = { readonly root: string; readonly index: number; readonly size: number };

export class Entries {
  readonly #columns = new Columns();

  get size(): number {
    return this.#columns.entryIds.size;
  }

  /** @returns the entry as it was added first */
  add(event: Accepted, draw: Draw): { entry: Entry; isNew: boolean } {
    const { number, isNew } = this.#columns.entryIds.add(event.entryId);
    if (isNew) this.#columns.push(event, draw);
    return { entry: new Entry(this.#columns, number), isNew };
  }

  /** @param guess a place that it may have: to look there first takes less time */
  get(entryId: string, guess?: number): Entry | undefined {
    const place = this.#columns.entryIds.numberOf(entryId, guess);
    return place === undefined ? undefined : new Entry(this.#columns, place);
  }

  *all(): Generator<Entry> {
    for (let place = 0; place < this.size; place += 1) yield new Entry(this.#columns, place);
  }

  isIn(entryId: string, sheet: number): boolean {
    return this.get(entryId)?.sheet === sheet;
  }
}

class Columns {
  readonly entryIds = new TextSet();
  readonly userIds = new TextColumn();
  readonly draws: Draw[] = [];
  readonly timestamps = new NumberColumn('float64');
  readonly arrivals = new NumberColumn('float64');
  readonly coupons = new NumberColumn('float64');
  readonly lines = new NumberColumn('int32');
  readonly sheets = new NumberColumn('int32');
  readonly roots: (string | undefined)[] = [];
  readonly indexes = new NumberColumn('int32');
  readonly sizes = new NumberColumn('int32');

  push(event: Accepted, draw: Draw): void {
    this.userIds.push(event.userId);
    this.draws.push(draw);
    this.timestamps.push(event.timestamp);
    this.arrivals.push(event.arrival);
    this.coupons.push(event.availableCoupons);
    this.lines.push(event.line);
    this.sheets.push(0);
    this.roots.push(undefined);
    this.indexes.push(0);
    this.sizes.push(0);
  }
}

/** One of them: what it says is read when somebody asks. */
export class Entry {
  readonly #columns: Columns;
  /** Counted from 0, in the order in which they were added. */
  readonly place: number;

  constructor(columns: Columns, place: number) {
    this.#columns = columns;
    this.place = place;
  }

  get entryId(): string {
    return this.#columns.entryIds.at(this.place);
  }

  get userId(): string {
    return this.#columns.userIds.at(this.place);
  }

  isOf(userId: string): boolean {
    return this.#columns.userIds.is(this.place, userId);
  }

  get draw(): Draw {
    const draw = this.#columns.draws[this.place];
    if (draw === undefined) throw new RangeError(`No entry at ${this.place}`);
    return draw;
  }

  get timestamp(): number {
    return this.#columns.timestamps.at(this.place);
  }

  get arrival(): number {
    return this.#columns.arrivals.at(this.place);
  }

  get availableCoupons(): number {
    return this.#columns.coupons.at(this.place);
  }

  get line(): number {
    return this.#columns.lines.at(this.place);
  }

  isSame(event: Accepted, draw: Draw): boolean {
    return (
      this.draw === draw &&
      this.isOf(event.userId) &&
      this.timestamp === event.timestamp &&
      this.arrival === event.arrival &&
      this.availableCoupons === event.availableCoupons
    );
  }

  /** The number of the last sheet that has it; 0: none has. */
  get sheet(): number {
    return this.#columns.sheets.at(this.place);
  }

  set sheet(number: number) {
    this.#columns.sheets.set(this.place, number);
  }

  /** Its draw, its id and its user's are proven to stand there. */
  prove({ root, index, size }: Leaf): void {
    this.#columns.roots[this.place] = root;
    this.#columns.indexes.set(this.place, index);
    this.#columns.sizes.set(this.place, size);
  }

  isProvenAt({ root, index, size }: Leaf): boolean {
    const { roots, indexes, sizes } = this.#columns;
    const { place } = this;
    return indexes.at(place) === index && sizes.at(place) === size && roots[place] === root;
  }
}
