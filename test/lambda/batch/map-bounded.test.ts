import { describe, expect, test } from 'vitest';
import { mapBounded } from '../../../lambda/batch/map-bounded.ts';

/** Work that ends when the test says so. */
function manual() {
  const started: number[] = [];
  const resolvers = new Map<number, (error?: Error) => void>();
  const work = (item: number) => {
    started.push(item);
    return new Promise<string>((resolve, reject) => {
      resolvers.set(item, (error) => (error ? reject(error) : resolve(`done ${item}`)));
    });
  };
  /** Ends one piece of work, and lets what waits for it go on. */
  const end = async (item: number, error?: Error) => {
    resolvers.get(item)?.(error);
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  };
  return { started, work, end };
}

describe('bounded work', () => {
  test('has no more under way than its limit, and results in order', async () => {
    const { started, work, end } = manual();
    const all = mapBounded(2, [0, 1, 2, 3], work);
    expect(started).toEqual([0, 1]);
    await end(1);
    expect(started).toEqual([0, 1, 2]);
    for (const item of [2, 3, 0]) await end(item);
    expect(await all).toEqual(['done 0', 'done 1', 'done 2', 'done 3']);
  });

  test('after an error starts nothing, and throws when what is under way has ended', async () => {
    const { started, work, end } = manual();
    let settled = false;
    const all = mapBounded(2, [0, 1, 2], work).finally(() => {
      settled = true;
    });
    const outcome = all.catch((error: unknown) => error);
    await end(0, new Error('first'));
    expect(settled).toBe(false);
    await end(1);
    expect(await outcome).toEqual(new Error('first'));
    expect(started).toEqual([0, 1]);
  });

  test('of nothing is nothing', async () => {
    expect(await mapBounded(3, [], async () => 1)).toEqual([]);
  });
});
