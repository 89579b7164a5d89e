import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { environments } from '../../lib/environments.ts';
import { resolveEnvironments } from '../../lib/overrides.ts';
import { alarmMetrics } from '../../tools/cost/alarm-metrics.ts';
import { flinkBill, lotteryBill } from '../../tools/cost/model.ts';
import { costTable } from '../../tools/cost/report.ts';

const resolved = resolveEnvironments(environments, {});

function settings(name: string) {
  const found = resolved.get(name);
  if (found === undefined) throw new Error(`${name} is not an environment`);
  return found;
}

const load = { clicksPerUserAndBatch: 1, lotteries: 1, users: 1_000_000 };
const secondsPerMonth = 730 * 3_600;

describe('what an environment costs', () => {
  it('idle: five shards, day and night', () => {
    const { lines } = lotteryBill(settings('dev'), { ...load, clicksPerSecond: 0, users: 0 }, 0);
    expect(lines.Kinesis).toBeCloseTo(5 * 730 * 0.015, 6);
    expect(lines.DynamoDB).toBe(0);
    expect(lines.Lambda).toBe(0);
  });

  it('on demand: each stream has its price, each record is a KB at least', () => {
    const idle = lotteryBill(settings('prod'), { ...load, clicksPerSecond: 0 }, 0);
    expect(idle.lines.Kinesis).toBeCloseTo(5 * 730 * 0.04, 6);
    const busy = flinkBill(settings('prod'), { ...load, clicksPerSecond: 100, lotteries: 1 });
    // Clicks and outcomes in and out, and what is kept for the six days beyond the first.
    const gb = (2 * 100 * secondsPerMonth * 1_000) / 1e9;
    const winners = (0.1 * secondsPerMonth * 1_000) / 1e9;
    const perGb = 0.08 + 0.04 + ((168 - 24) / 730) * 0.1;
    expect(busy.lines.Kinesis).toBeCloseTo(4 * 730 * 0.04 + (gb + winners) * perGb, 6);
  });

  it('less memory than that of a core makes functions slower, not cheaper', () => {
    const price = (memoryMb: number) =>
      lotteryBill({ ...settings('dev'), memoryMb }, { ...load, clicksPerSecond: 100 }, 0).lines.Lambda ?? 0;
    expect(price(512)).toBeCloseTo(price(1_769), 6);
    expect(price(3_538)).toBeGreaterThan(1.5 * price(1_769));
  });

  it('waiting to fill batches makes fewer invocations', () => {
    const price = (userEventsBatchingSeconds: number) =>
      lotteryBill({ ...settings('prod'), userEventsBatchingSeconds }, { ...load, clicksPerSecond: 1_000 }, 0)
        .lines.Lambda ?? 0;
    expect(price(2)).toBeLessThan(0.75 * price(0));
    expect(price(1)).toBe(price(0));
  });

  it('grows with writes of users: ten clicks together cost a tenth of them', () => {
    const price = (clicksPerUserAndBatch: number) =>
      lotteryBill(settings('dev'), { ...load, clicksPerSecond: 1_000, clicksPerUserAndBatch }, 0).lines
        .DynamoDB ?? 0;
    // A read that may be stale is half a unit.
    const perUserWrite = 0.625e-6 + 0.125e-6 / 2;
    expect(price(1) - price(10)).toBeCloseTo(900 * secondsPerMonth * perUserWrite, 3);
  });

  it('counts what alarms watch, and the key of its own', () => {
    const none = lotteryBill(settings('prod'), { ...load, clicksPerSecond: 0 }, 0);
    const some = lotteryBill(settings('prod'), { ...load, clicksPerSecond: 0 }, 50);
    expect(some.total - none.total).toBeCloseTo(5, 6);
    const other = { ...settings('prod'), encryption: 'aws-key' } as const;
    expect(none.total - lotteryBill(other, { ...load, clicksPerSecond: 0 }, 0).total).toBeCloseTo(1, 6);
  });

  it('a Flink application has one unit to coordinate and at least one to work', () => {
    const { lines } = flinkBill(settings('dev'), { ...load, clicksPerSecond: 10_000 });
    expect(lines['Managed Flink']).toBeCloseTo(3 * 0.11 * 730 + 2 * 50 * 0.1, 6);
  });

  it('is in docs/cost.md as the script says', () => {
    const priced = [...resolved].map(([name, one]) => {
      return { name, settings: one, alarmMetrics: alarmMetrics(name, {}) };
    });
    const page = readFileSync(new URL('../../docs/cost.md', import.meta.url), 'utf8');
    expect(page).toContain(costTable(priced, load));
  });
});

describe('npm run cost', () => {
  const cost = (...options: string[]) => {
    const script = fileURLToPath(new URL('../../tools/cost.ts', import.meta.url));
    return spawnSync(process.execPath, [script, ...options], { encoding: 'utf8' });
  };

  it('prints the bill of an environment beside that of a Flink application', () => {
    const { status, stdout } = cost('--env', 'prod', '--clicks-per-second', '1000');
    expect(stdout).toMatch(
      /^prod, 1000 clicks\/s, US dollars a month\n\nLottery Streams\n {2}DynamoDB +1,8\d\d\n/,
    );
    expect(stdout).toContain('A managed Flink application');
    expect(status).toBe(0);
  });

  it.each([
    [['--env', 'test'], "There is no environment 'test', only dev, staging, prod\n"],
    [['-c', 'dev:shards=0'], /^dev:shards must be [^\n]*\n$/],
    [['--clicks-per-second', 'many'], /must be a number of 0 or more/],
  ])('says in a line what is wrong with %j', (options, line) => {
    const { status, stderr } = cost(...options);
    expect(stderr).toMatch(line);
    expect(status).toBe(1);
  });
});
