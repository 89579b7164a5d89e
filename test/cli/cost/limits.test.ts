import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { settingsOf } from '../../../cli/command-options.ts';
import { advised } from '../../../cli/cost/advice.ts';
import { cheapest } from '../../../cli/cost/cheapest.ts';
import { limitsMet } from '../../../cli/cost/limits/all.ts';
import { busiestShard } from '../../../cli/cost/limits/functions.ts';
import { isExceeded } from '../../../cli/cost/limits/limit.ts';
import { lotteryBill } from '../../../cli/cost/model.ts';
import { prices } from '../../../cli/cost/prices.ts';
import type { Settings } from '../../../lib/settings.ts';

const load = {
  ...{ clicksPerSecond: 1_000, clicksPerUserAndBatch: 1, clicksPerRecord: 1 },
  ...{ lotteries: 1, users: 1_000_000 },
};

/** At how many clicks a second it is met, by service and what of it. */
function metAt(what: string, change: Partial<Settings> = {}, other: Partial<typeof load> = {}) {
  const all = limitsMet({ ...settingsOf('prod', {}), ...change }, { ...load, ...other });
  const found = all.find(({ limit }) => `${limit.service}, ${limit.what}` === what);
  if (found === undefined) throw new Error(`No limit is ${what}`);
  return found.metAt;
}

describe('where limits are met', () => {
  it('a table by its writes: one a click, or one for ten of a user', () => {
    expect(metAt('DynamoDB, users, write units/s')).toBe(40_000);
    expect(metAt('DynamoDB, users, write units/s', {}, { clicksPerUserAndBatch: 10 })).toBe(400_000);
    // Of 500 bytes, and 13 for each of the clicks: two units.
    expect(metAt('DynamoDB, users, write units/s', {}, { clicksPerUserAndBatch: 100 })).toBe(2_000_000);
    // 70 percent of 10,000.
    const tableCapacity = '100-10000';
    expect(metAt('DynamoDB, users, provisioned write units', { tableCapacity })).toBe(7_000);
  });

  it('signatures by the shard and second, and half of them with batches of two seconds', () => {
    expect(metAt('KMS, signatures/s')).toBe(800_000);
    const batches = { userEventsBatchingSeconds: 2, userEventsBatchSize: 2_000 };
    expect(metAt('KMS, signatures/s', batches)).toBe(1_600_000);
    // 1,600 records of two seconds fill a batch of 1,000, which does not wait.
    expect(metAt('KMS, signatures/s', { userEventsBatchingSeconds: 2 })).toBe(1_000_000);
  });

  it('concurrency: shards of clicks three times, with the page four times, those of lotteries, and ten', () => {
    // 3 x 327 + 2 x 4 + 10 = 999.
    expect(metAt('Lambda, concurrent executions')).toBe(327 * 800);
    // 4 x 244 + 3 x 4 + 10 = 998.
    expect(metAt('Lambda, concurrent executions', { livePage: 'on' })).toBe(244 * 800);
  });

  it('one lottery by the time that its entries take, many by that of the busiest shard', () => {
    // Of a second 65 ms are batches, 15 the draw, 2 each of 52 partials, and 0.02 each click.
    expect(metAt('Lambda, draw: ms/s on the busiest shard')).toBe(51 * 800);
    expect(metAt('Lambda, draw: ms/s on the busiest shard', {}, { lotteries: 10 })).toBeGreaterThan(200_000);
  });

  it.each([
    [1_000, 10],
    [1_000, 22],
    [10_000, 200],
    [30_000, 640],
  ])('%i lotteries on %i shards by those of the shard that has most', (lotteries, shards) => {
    const has = Array.from({ length: shards }, () => 0);
    for (let lottery = 1; lottery <= lotteries; lottery += 1) {
      // As Kinesis does it: each shard has a range of the hashes of keys.
      const hash = createHash('md5').update(`${lottery}`).digest().readUInt32BE();
      const shard = Math.floor((hash / 2 ** 32) * shards);
      has[shard] = (has[shard] ?? 0) + 1;
    }
    const most = Math.max(...has);
    expect(most).toBeGreaterThan(1.1 * (lotteries / shards));
    expect(busiestShard(lotteries, shards)).toBeGreaterThanOrEqual(most);
    expect(busiestShard(lotteries, shards)).toBeLessThan(1.25 * most);
  });

  it('draws are made in time with the shards that are advised, on the busiest of them', () => {
    for (const [clicksPerSecond, lotteries] of [
      [500, 1_000],
      [1_000, 5_000],
      [10_000, 10_000],
    ] as const) {
      const asked = { ...load, clicksPerSecond, lotteries };
      const { settings } = advised(settingsOf('prod', {}), asked);
      const draw = limitsMet(settings, asked).find(({ limit }) => limit.what.startsWith('draw: ms/s'));
      expect(draw?.needed).toBeGreaterThan(700);
      expect(draw?.needed).toBeLessThanOrEqual(800);
    }
  });

  it('one user by what a shard takes, whatever the load', () => {
    expect(metAt('Kinesis, clicks/s of one user')).toBeUndefined();
    const many = { clicksPerUserAndBatch: 2_000, clicksPerRecord: 10 };
    const all = limitsMet(settingsOf('prod', {}), { ...load, ...many });
    const user = all.find(({ limit }) => limit.what === 'clicks/s of one user');
    expect(user && [user.needed, user.there, isExceeded(user)]).toEqual([2_000, 1_000, true]);
  });

  it('streams by their region', () => {
    expect(metAt('Kinesis, MB/s of an on-demand stream')).toBeUndefined();
    expect(metAt('Kinesis, MB/s of an on-demand stream', { region: 'eu-central-1' })).toBe(200_000);
  });

  it('ticks wait for draws: no more of them than lotteries that are clicked on', () => {
    const ticks = (other: Partial<typeof load>) =>
      limitsMet(settingsOf('prod', {}), { ...load, ...other }).find(({ limit }) => limit.service === 'SQS')
        ?.needed;
    expect(ticks({ clicksPerSecond: 10_000, lotteries: 100_000 })).toBe(200_000);
    // A hundred clicks are on a thousand lotteries in a window of ten seconds, of 100,000 that are open.
    expect(ticks({ clicksPerSecond: 100, lotteries: 100_000 })).toBe(2_000);
  });

  it('what grows and falls with each shard is met where it is met first', () => {
    // 60 ms and 0.2 a click, ten times as long: more than 200 clicks are too many for a shard, and for each of two again.
    expect(metAt('Lambda, user-events: ms/s on a shard', { memoryMb: 177, shards: 1 })).toBe(200);
  });
});

const sizes = [10, 100, 1_000, 10_000, 100_000, 1_000_000];
const kafka = {
  'dev:connector': 'kafka',
  ...{ 'dev:kafkaBootstrapServers': 'broker.example:9092', 'dev:kafkaPollers': '1-10' },
};

describe('what to set', () => {
  it.each<{ name: string; context: Readonly<Record<string, string>>; other: Partial<typeof load> }>([
    { name: 'as it is', context: {}, other: {} },
    { name: 'little memory', context: { 'dev:memoryMb': '256' }, other: {} },
    { name: 'a table that is provisioned', context: { 'dev:tableCapacity': '5-50' }, other: {} },
    { name: 'aggregated', context: { 'dev:aggregateOutputs': 'on' }, other: { clicksPerRecord: 100 } },
    { name: 'many lotteries', context: {}, other: { lotteries: 10_000 } },
    { name: 'on demand', context: { 'dev:shards': 'on-demand' }, other: { lotteries: 100 } },
    { name: 'topics', context: kafka, other: {} },
    { name: 'no page', context: { 'dev:livePage': 'off' }, other: { clicksPerUserAndBatch: 10 } },
  ])(
    'is a setting that can be set, and leaves nothing that a setting would lift: $name',
    ({ context, other }) => {
      for (const clicksPerSecond of sizes) {
        const asked = { ...load, ...other, clicksPerSecond };
        const { settings, advice } = advised(settingsOf('dev', context), asked);
        const options = advice.map(({ setting, value }) => [`dev:${setting}`, String(value)]);
        expect(settingsOf('dev', { ...context, ...Object.fromEntries(options) })).toEqual(settings);
        const exceeded = limitsMet(settings, asked).filter(isExceeded);
        const isBeyondALottery = exceeded.some(({ limit }) => limit.what.startsWith('draw: '));
        const ofSettings = exceeded.filter(({ limit }) => limit.by === 'setting' && !isBeyondALottery);
        expect({ clicksPerSecond, left: ofSettings.map(({ limit }) => limit.what) }).toEqual({
          ...{ clicksPerSecond, left: [] },
        });
      }
    },
  );
});

describe('batches', () => {
  const adviceFor = (context: Readonly<Record<string, string>>, other: Partial<typeof load>) => {
    const { advice } = advised(settingsOf('prod', context), { ...load, ...other });
    return new Map(advice.map(({ setting, value }) => [setting, value]));
  };

  it('are not made to wait where each click is a partial of its own: there would be as many', () => {
    const asked = adviceFor({}, { clicksPerSecond: 1_000, lotteries: 5_000 });
    expect(Number(asked.get('shards'))).toBeGreaterThan(105);
    expect(asked.get('userEventsBatchingSeconds')).toBeUndefined();
  });

  it('are no larger than Lambda makes them', () => {
    const long = { 'prod:userEventsBatchingSeconds': '10', 'prod:alarmDrawDelaySeconds': '60' };
    const asked = adviceFor(long, { clicksPerSecond: 1_000_000, lotteries: 1_000 });
    expect(asked.get('userEventsBatchSize')).toBe(10_000);
  });
});

describe('shards', () => {
  const whyOf = (shards: string, clicksPerSecond: number) => {
    const { advice } = advised(settingsOf('prod', { 'prod:shards': shards }), { ...load, clicksPerSecond });
    return advice.find(({ setting }) => setting === 'shards')?.why;
  };

  it('of a stream that runs are doubled by a deployment at most', () => {
    expect(whyOf('2', 2_000)).toBe('3 shards take 2,000 clicks/s');
    expect(whyOf('2', 3_200)).toBe('4 shards take 3,200 clicks/s');
    expect(whyOf('2', 3_201)).toBe('5 shards take 3,201 clicks/s; 2 deployments: each at most doubles them');
    expect(whyOf('1', 100_000)).toMatch(/^125 shards .*; 7 deployments: each at most doubles them$/);
  });
});

describe('what costs least', () => {
  const least = (clicksPerSecond: number, context: Readonly<Record<string, string>>, lotteries = 1) => {
    const asked = { ...load, clicksPerSecond, lotteries };
    const { settings } = advised(settingsOf('prod', context), asked);
    return cheapest(settings, asked, 0, prices.kinesis.onDemand);
  };

  it('is no dearer than what there is, and has what the load needs', () => {
    for (const clicksPerSecond of sizes) {
      const asked = { ...load, clicksPerSecond };
      const { settings } = advised(settingsOf('prod', {}), asked);
      const { choice, bill } = least(clicksPerSecond, {});
      expect(bill.total).toBeLessThanOrEqual(lotteryBill(settings, asked, 0).total);
      expect(advised({ ...settings, ...choice }, asked).advice).toEqual([]);
    }
  });

  it('has shards for the draws of many lotteries, of either kind', () => {
    const { choice } = least(10_000, {}, 10_000);
    expect(Number(choice.shards)).toBeGreaterThan(100);
    expect(choice.lotteryShards).toBe(3);
  });

  it('is there where no number of shards makes all draws', () => {
    const { choice } = least(1_000_000, { 'prod:windowSeconds': '1' }, 100_000);
    expect(choice.shards).toBe('on-demand');
  });
});
