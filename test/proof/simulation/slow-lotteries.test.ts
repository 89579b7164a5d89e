import { expect, it } from 'vitest';
import { Random } from '../../../local/faults/random.ts';
import type { AwsAnswer, AwsCall } from '../../../local/proxy/aws-call.ts';
import { Scheduler } from '../../../proof/simulation/scheduler.ts';
import { pauseLotteries, withSlowLotteries } from '../../../proof/simulation/slow-lotteries.ts';

const startAt = 1_700_000_000_000;
const times = { from: startAt + 1_000, pausedMs: 6_000, until: startAt + 9_000, byMs: 4_000 };
const functionName = 'dev-lottery-events';
const fine: AwsAnswer = { status: 200, headers: {}, body: Buffer.from('{}') };

const write: AwsCall = {
  ...{ service: 'dynamodb', operation: 'PutItem', caller: `${functionName}.1`, method: 'POST', path: '/' },
  ...{ headers: {}, body: Buffer.from('{"TableName":"dev-LotteriesTable1A2B","Item":{}}') },
};

/** How long the call is under way, ms. */
async function delayOf(call: AwsCall, afterMs: number, slow?: typeof times): Promise<number> {
  const scheduler = new Scheduler(new Random(1), startAt + afterMs);
  const { clock } = scheduler;
  const intercept = withSlowLotteries({ times: slow, functionName, clock }, (_, forward) => forward());
  return scheduler.run(async () => {
    await intercept(call, async () => fine);
    return clock.now() - startAt - afterMs;
  });
}

it('a write of a lottery is late, as long as its table is slow', async () => {
  expect(await delayOf(write, 999, times)).toBe(0);
  expect(await delayOf(write, 1_000, times)).toBe(times.byMs);
  expect(await delayOf(write, 8_999, times)).toBe(times.byMs);
  expect(await delayOf(write, 9_000, times)).toBe(0);
  expect(await delayOf(write, 1_000)).toBe(0);
});

it.each<[string, Partial<AwsCall>]>([
  ['a read', { operation: 'BatchGetItem' }],
  ['a seed', { body: Buffer.from('{"TableName":"dev-SeedsTable1A2B","Item":{}}') }],
  ['another function', { caller: 'dev-draw.1' }],
])('%s is not', async (_, other) => {
  expect(await delayOf({ ...write, ...other }, 1_000, times)).toBe(0);
});

it('the mapping is paused from the begin on, and goes on while writes are still late', async () => {
  const scheduler = new Scheduler(new Random(1), startAt);
  const { clock } = scheduler;
  const told: [string, number][] = [];
  const tell = (what: string) => told.push([what, clock.now() - startAt]);
  const mapping = { disable: async () => void tell('paused'), enable: () => void tell('on') };
  await scheduler.run(() => pauseLotteries({ times, functionName, clock }, [mapping]));
  expect(told).toEqual([
    ['paused', 1_000],
    ['on', 7_000],
  ]);
  await scheduler.run(() => pauseLotteries({ times: undefined, functionName, clock }, [mapping]));
  expect(told).toHaveLength(2);
});
