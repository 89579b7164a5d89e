import { describe, expect, it } from 'vitest';
import { javaVersion, mavenError, NotHere, run } from '../../../../bench/peers/flink/build.ts';
import { expect as expected } from '../../../../bench/peers/flink/expected.ts';
import { betweenSizes, steadyOf } from '../../../../bench/peers/flink/figures.ts';
import { differenceOf, type Report, reportOf } from '../../../../bench/peers/flink/job.ts';

const right = expected({ clicks: 500, users: 5, clicksPerSecond: 20 });

const report: Report = {
  ...{
    cpuNs: 9e9,
    heapAfterGc: 1,
    peakRssKb: 1,
    checkpoints: 3,
    counts: [...right.counts],
    digest: right.digest,
  },
  marks: [1, 2, 3, 4, 5, 6].map((n) => [n * 1_000, n < 4 ? n * 9e6 : 27e6 + (n - 3) * 2e6, n * 1e6]),
  draws: right.draws.map((draw) => [
    ...([draw.lotteryId, draw.run, draw.windowStart, draw.entries, draw.winningPosition] as const),
    ...([draw.winningUserId, draw.prize, draw.digest] as const),
  ]),
};

const printed = (value: object) => ({ code: 0, stdout: JSON.stringify(value), stderr: '' });

describe('what the job prints', () => {
  it('is read, and held against what must come out', () => {
    expect(differenceOf(reportOf(printed(report)), right)).toBeUndefined();
  });

  it.each([
    [
      'a click that was lost',
      { counts: [right.counts[0] ?? 0, 0, ...right.counts.slice(2)] },
      'events accepted',
    ],
    ['a balance that is wrong', { digest: right.digest ^ 1 }, 'balances differ'],
    [
      'another winner',
      { draws: report.draws.map((draw) => draw.with(4, 0) as typeof draw) },
      '#1@1700000000000 is',
    ],
    ['a draw too few', { draws: report.draws.slice(1) }, 'is undefined'],
    ['a draw too many', { draws: [...report.draws, [99, 1, 0, 1, 1, 1, '', 1] as const] }, 'draws, not'],
  ])('is refused with %s', (_, wrong, words) => {
    expect(differenceOf(reportOf(printed({ ...report, ...wrong })), right)).toContain(words);
  });

  it('is no report without its fields, or after a failure', () => {
    expect(() => reportOf(printed({ ...report, digest: undefined }))).toThrow('digest');
    expect(() => reportOf({ code: 1, stdout: '', stderr: 'No space left' })).toThrow('code 1: No space left');
  });
});

describe('the figures', () => {
  it('are those of the second half', () => {
    const { cpu, eventsPerSecond } = steadyOf(report);
    expect(cpu).toEqual({ median: 2, lower: 2, upper: 2 });
    expect(eventsPerSecond).toBeCloseTo(1e6);
    expect(() => steadyOf({ ...report, marks: report.marks.slice(0, 1) })).toThrow('1 marks are too few');
  });

  it('of two sizes are by what the larger has more', () => {
    const small = { ...report, cpuNs: 8e9, marks: report.marks.slice(0, 1) };
    expect(betweenSizes(small, report)).toBeCloseTo(200);
  });
});

describe('without what the job needs', () => {
  it('says which program there is not', async () => {
    await expect(run('no-such-program', [])).rejects.toThrow('There is no no-such-program on the PATH');
  });

  it('reads the version of Java, of any age', () => {
    expect(javaVersion('openjdk version "17.0.15" 2025-04-15')).toBe(17);
    expect(javaVersion('java version "1.8.0_402"')).toBe(1);
    expect(javaVersion('')).toBeNaN();
  });

  it('tells a Maven that cannot fetch from a job that does not compile', () => {
    const offline = '[ERROR] Failed to execute goal: Could not transfer artifact\n[ERROR] more';
    expect(mavenError(offline)).toEqual(
      new NotHere('Maven failed: Failed to execute goal: Could not transfer artifact'),
    );
    expect(mavenError('[ERROR] COMPILATION ERROR : \n[ERROR] Job.java:[3,1]')).not.toBeInstanceOf(NotHere);
  });
});
