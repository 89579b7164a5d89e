/**
 * Runs `work` on every item, at most `limit` at a time. Items are taken from the iterable when there is room for them.
 * @returns results in the items' order
 * @throws the first error, after those under way have ended: nothing goes on behind the caller's back
 */
export async function mapBounded<Item, Result>(
  limit: number,
  items: Iterable<Item>,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const queue = items[Symbol.iterator]();
  const errors: unknown[] = [];
  let taken = 0;
  async function worker(): Promise<void> {
    try {
      for (let next = queue.next(); !next.done && errors.length === 0; next = queue.next()) {
        const index = taken;
        taken += 1;
        results[index] = await work(next.value);
      }
    } catch (error) {
      errors.push(error);
    }
  }
  await Promise.all(Array.from({ length: limit }, worker));
  if (errors.length > 0) throw errors[0];
  return results;
}
