/** Records that come in the order of their arrival, as far as one shard has one. */
export interface Source<Record> {
  /** No record of it arrived before, ms. It is not asked for one until this is its turn. */
  readonly startsAt: number;
  readonly records: AsyncIterable<Record>;
}

interface Head<Record> {
  /** Of the next record, or of any that may come. */
  readonly at: number;
  readonly next: Record | undefined;
  readonly iterator: AsyncIterator<Record>;
}

/** All records of all sources, by their arrival. One of each source that has begun is held at a time. */
export async function* merged<Record extends { readonly arrival: number }>(
  sources: readonly Source<Record>[],
): AsyncGenerator<Record> {
  const heads: Head<Record>[] = sources.map(({ startsAt, records }) => ({
    ...{ at: startsAt, next: undefined, iterator: records[Symbol.asyncIterator]() },
  }));
  while (heads.length > 0) {
    const earliest = heads.reduce(
      (least, { at }, index) => (at < (heads[least]?.at ?? 0) ? index : least),
      0,
    );
    const head = heads[earliest];
    if (head === undefined) return;
    if (head.next !== undefined) yield head.next;
    const { value, done } = await head.iterator.next();
    if (done) heads.splice(earliest, 1);
    else heads[earliest] = { at: value.arrival, next: value, iterator: head.iterator };
  }
}
