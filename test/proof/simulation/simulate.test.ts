import { randomInt } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import type { Assembly } from '../../../local/cloudformation/assembly.ts';
import { Random } from '../../../local/faults/random.ts';
import { conditionsOf } from '../../../proof/simulation/conditions.ts';
import { Players } from '../../../proof/simulation/players.ts';
import { quietLottery } from '../../../proof/simulation/quiet-lottery.ts';
import { simulate } from '../../../proof/simulation/simulate.ts';
import { templatesOf } from '../../../proof/simulation/templates.ts';
import { Totals } from '../../../proof/simulation/totals.ts';
import { soakContext } from '../../../proof/soak/options.ts';
import { lotteries } from '../../../proof/soak/players.ts';

const environment = 'dev';
const events = 200;

let assembly: Assembly;

beforeAll(() => {
  assembly = templatesOf(environment, soakContext(environment));
});

type Traced = Awaited<ReturnType<typeof simulate>> & { readonly trace: readonly string[] };

async function runAgain(seed: number): Promise<Traced> {
  const trace: string[] = [];
  const report = await simulate({
    ...{ seed, events, environment, assembly },
    trace: (line) => trace.push(line),
  });
  return { ...report, trace };
}

const runs = new Map<number, Promise<Traced>>();

/** Once for each seed: several tests ask for the same run. */
function run(seed: number): Promise<Traced> {
  const running = runs.get(seed) ?? runAgain(seed);
  runs.set(seed, running);
  return running;
}

/** It begins with broken code, records that are given up, and redriving. */
const brokenCode = 4;

/** Those that are the same in every run of the tests, and some that nobody has tried. */
const fixed = [1, 2, 38, brokenCode];
const fresh = Array.from({ length: 4 }, () => randomInt(1_000, 1_000_000_000));

it.each([...fixed, ...fresh])('seed %i: nothing is violated, and all comes to its end', async (seed) => {
  const { violations, undrained } = await run(seed);
  const again = `npm run simulate -- --seed ${seed} --events ${events} --connector kinesis --trace`;
  expect({ again, violations, undrained }).toEqual({ again, violations: [], undrained: [] });
});

it('a replay, an outage, and a lottery that has prizes from the first are among the fixed seeds', () => {
  const conditions = fixed.map(conditionsOf);
  expect(conditions.map(({ replay }) => replay)).toContain(true);
  expect(conditions.filter(({ outage }) => outage !== undefined)).not.toEqual([]);
  expect(fixed.filter(startsWithPrizes)).not.toEqual([]);
});

/** Beside the quiet lottery, which always has some. */
function startsWithPrizes(seed: number): boolean {
  const players = new Players({
    ...{ random: new Random(seed, 'players'), users: 1, lotteries, now: () => 0 },
    ...{ windowMs: 2_000, graceMs: 1_000, toleranceMs: undefined, mostAheadMs: 0 },
  });
  const starts: Record<string, unknown>[] = players.opening().map(({ data }) => JSON.parse(data.toString()));
  return starts.some(({ lotteryId, prizes }) => lotteryId !== quietLottery && prizes !== undefined);
}

it.each([
  // No tick that comes later draws what names them.
  ['when the last draws are due', 35, (afterMs: number | undefined) => afterMs === undefined],
  ['amid the clicks', 18, (afterMs: number | undefined) => afterMs !== undefined],
])('draws whose blocks are away, or others, %s, are made when these are back', async (_, seed, isThen) => {
  const { takenAway } = conditionsOf(seed);
  expect(takenAway && isThen(takenAway.afterMs)).toBe(true);
  const { violations, undrained, blocksMissing } = await run(seed);
  expect({ violations, undrained }).toEqual({ violations: [], undrained: [] });
  expect(blocksMissing).toBeGreaterThan(0);
});

/** In this one the functions have more to publish in a second than a shard takes. */
const flooded = 9;

it('a flood is throttled in part, put again, and nothing of it is lost', async () => {
  const flood = { events: 2_500, eventsPerSecond: 2_500 };
  const report = await simulate({ seed: flooded, ...flood, environment, assembly });
  const { throttled, violations, undrained } = report;
  expect({ violations, undrained }).toEqual({ violations: [], undrained: [] });
  expect(throttled.PutRecords).toBeGreaterThan(1_000);
});

it('the same seed gives the same run, step by step, and another seed another', async () => {
  const { trace } = await run(brokenCode);
  expect(trace.length).toBeGreaterThan(200);
  expect(trace.some((line) => line.includes('redrive:'))).toBe(true);
  expect((await runAgain(brokenCode)).trace).toEqual(trace);
  expect((await run(1)).trace).not.toEqual(trace);
});

it('meets faults of most kinds, and events of every outcome', async () => {
  const totals = new Totals();
  const kinds = new Set<string>();
  const outcomes = new Set<string>();
  for (const seed of fixed) {
    const report = await run(seed);
    totals.add(report);
    for (const kind of Object.keys(report.faults.byKind)) kinds.add(kind);
    for (const outcome of Object.keys(report.outcomes)) outcomes.add(outcome);
  }
  expect(kinds.size).toBeGreaterThanOrEqual(12);
  for (const outcome of [
    'ClickAcceptedEvent',
    'LotteryWinnerEvent',
    'LotteryEndedEvent',
    'rejected NO_COUPON',
  ]) {
    expect(outcomes).toContain(outcome);
  }
  expect(totals.lines(1)).toContain('0 violations');
});
