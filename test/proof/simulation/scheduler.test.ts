import { expect, it } from 'vitest';
import { Random } from '../../../local/faults/random.ts';
import { Deadlock, Scheduler } from '../../../proof/simulation/scheduler.ts';

const newScheduler = (seed: number) => new Scheduler(new Random(seed), 1_000);

it('time jumps to what happens next, in the order of time', async () => {
  const scheduler = newScheduler(1);
  const happened: [string, number][] = [];
  await scheduler.run(async () => {
    const note = (name: string, ms: number) =>
      scheduler.clock.sleep(ms).then(() => happened.push([name, scheduler.now]));
    await Promise.all([note('c', 3_600_000), note('a', 1), note('b', 20)]);
  });
  expect(happened).toEqual([
    ['a', 1_001],
    ['b', 1_020],
    ['c', 3_601_000],
  ]);
});

it('what comes first of one instant is the choice of the seed', async () => {
  const orderOf = async (seed: number) => {
    const scheduler = newScheduler(seed);
    const order: number[] = [];
    await scheduler.run(() =>
      Promise.all(Array.from({ length: 8 }, (_, n) => scheduler.clock.sleep(5).then(() => order.push(n)))),
    );
    return order.join();
  };
  expect(await orderOf(1)).toBe(await orderOf(1));
  const orders = new Set(await Promise.all([1, 2, 3, 4, 5].map(orderOf)));
  expect(orders.size).toBeGreaterThan(3);
});

it('a sleep ends at once when its signal aborts, and what was to happen then does not', async () => {
  const scheduler = newScheduler(1);
  const ending = new AbortController();
  await scheduler.run(async () => {
    const sleeping = scheduler.clock.sleep(Number.POSITIVE_INFINITY, ending.signal);
    const other = scheduler.clock.sleep(10_000, ending.signal);
    await scheduler.clock.sleep(7);
    ending.abort();
    await Promise.all([sleeping, other]);
    await scheduler.clock.sleep(1, ending.signal);
  });
  expect(scheduler.now).toBe(1_007);
});

it('says so when nothing is left to happen, and passes on what the work throws', async () => {
  await expect(newScheduler(1).run(() => new Promise(() => {}))).rejects.toThrow(Deadlock);
  await expect(newScheduler(1).run(async () => Promise.reject(new Error('Of the work')))).rejects.toThrow(
    'Of the work',
  );
});
