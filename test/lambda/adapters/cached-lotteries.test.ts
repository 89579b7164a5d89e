import { beforeEach, describe, expect, test } from 'vitest';
import { CachedLotteries } from '../../../lambda/adapters/cached-lotteries.ts';
import { activeRun } from '../../support/events.ts';
import { MemoryLotteries } from '../../support/fakes/memory-stores.ts';

let source: MemoryLotteries;
let now: number;
let cached: CachedLotteries;

beforeEach(() => {
  source = new MemoryLotteries();
  now = 5000;
  cached = new CachedLotteries(source, () => now);
});

const statusOf = async (lotteryId = '1') => (await cached.current([lotteryId])).get(lotteryId)?.status;

describe('an active lottery', () => {
  beforeEach(() => source.set(activeRun()));

  test('is remembered for a second, not longer', async () => {
    await statusOf();
    source.set(activeRun({ status: 'stopped' }));
    now += 999;
    expect(await statusOf()).toBe('active');
    expect(source.reads).toBe(1);
    now += 1;
    expect(await statusOf()).toBe('stopped');
  });

  test('is not remembered for longer because it is asked for', async () => {
    await statusOf();
    source.set(activeRun({ status: 'stopped' }));
    for (let step = 0; step < 4; step += 1) {
      now += 250;
      await statusOf();
    }
    expect(await statusOf()).toBe('stopped');
  });

  test('is remembered no longer than to the end of its last window: the next run takes clicks then', async () => {
    source.set(activeRun({ lastWindowStart: 0 }));
    now = 9_500;
    await statusOf();
    source.set(activeRun({ run: 2 }));
    now = 9_999;
    expect((await cached.current(['1'])).get('1')?.run).toBe(1);
    now = 10_000;
    expect((await cached.current(['1'])).get('1')?.run).toBe(2);
  });

  test('is remembered while others are read', async () => {
    await statusOf();
    source.set(activeRun({ lotteryId: '2' }));
    expect([...(await cached.current(['1', '2', '3'])).keys()]).toEqual(['1', '2']);
    await cached.current(['1', '2']);
    expect(source.reads).toBe(2);
  });

  test('is found by its run from memory, another run of it by a read', async () => {
    await statusOf();
    const known = { lotteryId: '1', run: 1 };
    expect((await cached.byRun([known])).get('1#1')).toEqual(activeRun());
    expect(source.reads).toBe(1);
    expect((await cached.byRun([known, { lotteryId: '1', run: 2 }])).size).toBe(1);
    expect(source.reads).toBe(2);
  });
});

describe('a lottery that is not active', () => {
  test.each(['stopped', 'ended'] as const)('is read every time: %s', async (status) => {
    source.set(activeRun({ status }));
    expect(await statusOf()).toBe(status);
    source.set(activeRun({ run: 2 }));
    expect(await statusOf()).toBe('active');
  });

  test('is read every time: not started yet', async () => {
    expect(await statusOf()).toBeUndefined();
    source.set(activeRun());
    expect(await statusOf()).toBe('active');
  });
});
