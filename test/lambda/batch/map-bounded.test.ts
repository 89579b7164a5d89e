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

  test('takes an item when there is room for it, and none after an error', async () => {
    const taken: number[] = [];
    function* items() {
      for (let item = 0; item < 9; item += 1) {
        taken.push(item);
        yield item;
      }
    }
    const { work, end } = manual();
    const outcome = mapBounded(2, items(), work).catch((error: unknown) => error);
    expect(taken).toEqual([0, 1]);
    await end(0);
    expect(taken).toEqual([0, 1, 2]);
    await end(1, new Error('first'));
    await end(2);
    expect(await outcome).toEqual(new Error('first'));
    expect(taken.length).toBeLessThanOrEqual(4);
  });

  test('whose items end in an error throws it, once what is under way has ended', async () => {
    function* items() {
      yield 0;
      throw new Error('no more');
    }
    const { work, end } = manual();
    let settled = false;
    const outcome = mapBounded(2, items(), work)
      .catch((error: unknown) => error)
      .finally(() => {
        settled = true;
      });
    await end(9);
    expect(settled).toBe(false);
    await end(0);
    expect(await outcome).toEqual(new Error('no more'));
  });

  test('of nothing is nothing', async () => {
    expect(await mapBounded(3, [], async () => 1)).toEqual([]);
  });
});
