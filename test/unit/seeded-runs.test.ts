import { describe, expect, test } from 'vitest';
import { CachedSeeds } from '../../lambda/adapters/cached-seeds.ts';
import { seedCommitment } from '../../lambda/core/fairness.ts';
import { seededRuns } from '../../lambda/seeded-runs.ts';
import { activeRun, secondRun, secondSeed, seed, seededRun } from '../support/events.ts';
import { MemoryLotteries, MemorySeeds } from '../support/memory-ports.ts';

const lotteriesOf = (...runs: readonly ReturnType<typeof activeRun>[]) => {
  const lotteries = new MemoryLotteries();
  for (const run of runs) lotteries.set(run);
  return lotteries;
};

describe('runs with their seeds', () => {
  test('are those that are there', async () => {
    const lotteries = lotteriesOf(activeRun(), secondRun({ lotteryId: '2' }));
    const seeds = new MemorySeeds([], [seed, secondSeed]);
    const keys = [
      { lotteryId: '1', run: 1 },
      { lotteryId: '2', run: 2 },
      { lotteryId: '3', run: 1 },
    ];
    expect(await seededRuns(keys, lotteries, seeds)).toEqual(
      new Map([
        ['1#1', seededRun()],
        ['2#2', { ...secondRun({ lotteryId: '2' }), seed: secondSeed }],
      ]),
    );
  });

  test('wait for a seed that is missing, and say whose', async () => {
    const read = seededRuns([{ lotteryId: '1', run: 1 }], lotteriesOf(activeRun()), new MemorySeeds());
    await expect(read).rejects.toThrow('The seed of run 1 of lottery 1 is not in the seeds table');
  });
});

describe('remembered seeds', () => {
  test('are read once', async () => {
    const source = new MemorySeeds([], [seed, secondSeed]);
    const seeds = new CachedSeeds(source);
    const [first, second] = [seedCommitment(seed), seedCommitment(secondSeed)];
    await seeds.byCommitment([first]);
    expect(await seeds.byCommitment([first, second])).toEqual(
      new Map([
        [first, seed],
        [second, secondSeed],
      ]),
    );
    await seeds.byCommitment([first, second]);
    expect(source.reads).toBe(2);
  });

  test('that were missing are looked for again', async () => {
    const source = new MemorySeeds();
    const seeds = new CachedSeeds(source);
    expect(await seeds.byCommitment([seedCommitment(seed)])).toEqual(new Map());
    await source.keep([seed]);
    expect(await seeds.byCommitment([seedCommitment(seed)])).toEqual(new Map([[seedCommitment(seed), seed]]));
  });
});
