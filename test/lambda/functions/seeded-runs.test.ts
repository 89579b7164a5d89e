import { describe, expect, test } from 'vitest';
import { CachedSeeds } from '../../../lambda/adapters/cached-seeds.ts';
import { seedCommitment } from '../../../lambda/core/fairness.ts';
import { withSeeds } from '../../../lambda/functions/seeded-runs.ts';
import { activeRun, secondRun, secondSeed, seed, seededRun } from '../../support/events.ts';
import { MemorySeeds } from '../../support/fakes/memory-seeds.ts';
import { MemoryTelemetry } from '../../support/fakes/memory-telemetry.ts';

describe('runs with their seeds', () => {
  const runs = new Map([
    ['a', activeRun()],
    ['b', secondRun({ lotteryId: '2' })],
  ]);

  test('are those whose seeds are there', async () => {
    const telemetry = new MemoryTelemetry();
    const found = await withSeeds(runs, new MemorySeeds([seed, secondSeed]), telemetry);
    const second = { ...secondRun({ lotteryId: '2' }), seed: secondSeed };
    expect([...found.seeded]).toEqual([
      ['a', seededRun()],
      ['b', second],
    ]);
    expect([found.seedless.size, telemetry.warnings]).toEqual([0, []]);
  });

  test('are found beside one whose seed is missing, which is told', async () => {
    const telemetry = new MemoryTelemetry();
    const found = await withSeeds(runs, new MemorySeeds([seed]), telemetry);
    expect([...found.seeded]).toEqual([['a', seededRun()]]);
    expect([...found.seedless]).toEqual([['b', secondRun({ lotteryId: '2' })]]);
    expect(telemetry.counts.seedsMissing).toBe(1);
    expect(telemetry.warnings).toEqual(['The seed of a run is missing, or was changed']);
  });
});

describe('remembered seeds', () => {
  test('are read once', async () => {
    const source = new MemorySeeds([seed, secondSeed]);
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
