/**
 * Runs `work` on every item, at most `limit` at a time. Results are in the items' order.
 * @throws the first error, after those under way have ended: nothing goes on behind the caller's back
 */
export async function mapBounded<Item, Result>(
  limit: number,
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results = new Array<Result>(items.length);
  const queue = items.entries();
  const errors: unknown[] = [];
  async function worker(): Promise<void> {
    for (const [index, item] of queue) {
      if (errors.length > 0) return;
      try {
        results[index] = await work(item);
      } catch (error) {
        errors.push(error);
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  if (errors.length > 0) throw errors[0];
  return results;
}
