import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { alarmMetrics } from '../../cli/cost/alarm-metrics.ts';
import { firehoseBill } from '../../cli/cost/archive.ts';
import { type Work, workOf } from '../../cli/cost/load.ts';
import { flinkBill, lotteryBill } from '../../cli/cost/model.ts';
import { type OnDemandPrices, prices } from '../../cli/cost/prices.ts';
import { costTable, outerTable, steadyLoads, steadyTable } from '../../cli/cost/report.ts';
import { limitsTable, sizesTable, together } from '../../cli/cost/scale-table.ts';
import { streamsBill } from '../../cli/cost/streams.ts';
import { capacityNotes, tablesBill } from '../../cli/cost/tables.ts';
import { environments } from '../../lib/environments.ts';
import { resolveEnvironments } from '../../lib/resolve-settings.ts';

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

  /** GB of a month of records, a second each. */
  const monthGb = (records: number, bytes: number) => (records * secondsPerMonth * bytes) / 2 ** 30;
  /** GB that lie in a stream for so many hours. */
  const keptGb = (records: number, bytes: number, hours: number) =>
    (records * 3_600 * hours * bytes) / 2 ** 30;
  /** Without invocations there are no partials: what clicks, outcomes and one draw in ten seconds cost. */
  const kinesisOf = (change: object, onDemand: OnDemandPrices = prices.kinesis.onDemand) => {
    const one = { ...settings('prod'), ...change };
    return streamsBill(one, { ...load, clicksPerSecond: 100 }, work, { entries: false, onDemand });
  };
  const work: Work = {
    ...{
      shards: 4,
      entriesShards: 4,
      lotteryShards: 1,
      blocks: 0,
      userInvocations: 0,
      lotteryInvocations: 0,
      partials: 0,
    },
    ...{
      drawInvocations: 0,
      draws: 0.1,
      windows: 0,
      ticks: 0,
      tickInvocations: 0,
      heartbeatsPerShard: 0,
      archiveInvocations: 0,
    },
  };
  const day = { retentionHours: 24 };

  it('on demand: each stream has its price; a record is a KB at least when it is put, and its bytes when it is read', () => {
    const idle = lotteryBill(settings('prod'), { ...load, clicksPerSecond: 0 }, 0);
    expect(idle.lines.Kinesis).toBeCloseTo(5 * 730 * 0.04, 6);
    const put = monthGb(200.1, 1_024);
    const read = monthGb(100, 120) + monthGb(100, 310) + monthGb(0.1, 710);
    expect(kinesisOf(day)).toBeCloseTo(4 * 730 * 0.04 + put * 0.08 + read * 0.04, 6);
  });

  it('on demand: retention has one price up to seven days, and another beyond', () => {
    const kept = (hours: number) => keptGb(100, 430, hours) + keptGb(0.1, 710, hours);
    const week = kinesisOf({ retentionHours: 168 });
    expect(week - kinesisOf(day)).toBeCloseTo(kept(144) * 0.1, 6);
    expect(kinesisOf({ retentionHours: 720 }) - week).toBeCloseTo(kept(552) * 0.023, 6);
  });

  it('provisioned: retention is paid by the shard up to seven days, and by the GB beyond', () => {
    const provisioned = (retentionHours: number) =>
      kinesisOf({ retentionHours, shards: 4, lotteryShards: 1 });
    expect(provisioned(168) - provisioned(24)).toBeCloseTo(10 * 730 * 0.02, 6);
    const kept = keptGb(100, 430, 552) + keptGb(0.1, 710, 552);
    expect(provisioned(720) - provisioned(168)).toBeCloseTo(kept * 0.023, 6);
  });

  it('On-demand Advantage: 25 MiB/s are paid in and out at least, by all streams together, and no stream by itself', () => {
    const least = (25 * 2 ** 20 * secondsPerMonth) / 2 ** 30;
    const { advantage } = prices.kinesis;
    expect(kinesisOf(day, advantage)).toBeCloseTo(least * (0.032 + 0.016), 6);
    const much = { ...load, clicksPerSecond: 20_000 };
    const bill = streamsBill({ ...settings('prod'), ...day }, much, work, {
      entries: false,
      onDemand: advantage,
    });
    expect(bill).toBeCloseTo(monthGb(40_000.1, 1_024) * 0.032 + least * 0.016, 6);
    const provisioned = { ...day, shards: 4, lotteryShards: 1 };
    expect(kinesisOf(provisioned, advantage)).toBe(kinesisOf(provisioned));
  });

  it('aggregated clicks are fewer records: of provisioned shards fewer units, on demand no KB for each', () => {
    const price = (shards: 'on-demand' | 4, clicksPerRecord: number) => {
      const one = { ...settings('prod'), ...day, shards, lotteryShards: shards };
      const many = { ...load, clicksPerSecond: 100, clicksPerRecord };
      return streamsBill(one, many, work, { entries: false, onDemand: prices.kinesis.onDemand });
    };
    const unit = (units: number) => (units * secondsPerMonth * 0.014) / 1e6;
    expect(price(4, 1) - price(4, 100)).toBeCloseTo(unit(99), 6);
    // Of 138 bytes each, 185 are in one unit of 25 KB, and 186 begin another.
    expect(price(4, 185)).toBeLessThan(price(4, 186));
    const bytes = 20 + 100 * 138;
    const saved = monthGb(100, 1_024) - monthGb(1, Math.ceil(bytes / 1_024) * 1_024);
    const read = monthGb(1, bytes) - monthGb(100, 120);
    expect(price('on-demand', 1) - price('on-demand', 100)).toBeCloseTo(saved * 0.08 - read * 0.04, 6);
  });

  it('aggregated outputs are as many together as an invocation has, and as one unit takes', () => {
    const price = (aggregateOutputs: 'on' | 'off', userInvocations: number) => {
      const one = { ...settings('prod'), ...day, aggregateOutputs, shards: 4, lotteryShards: 1 } as const;
      const all = { ...work, userInvocations };
      return streamsBill(one, { ...load, clicksPerSecond: 1_000 }, all, {
        entries: true,
        onDemand: prices.kinesis.onDemand,
      });
    };
    const saved = (userInvocations: number) => price('off', userInvocations) - price('on', userInvocations);
    const unit = (units: number) => (units * secondsPerMonth * 0.014) / 1e6;
    // 24 outcomes of 1,010 bytes, with 18 around each, are 25 KB.
    expect(saved(4)).toBeCloseTo(unit(1_000 - 1_000 / 24), 6);
    expect(saved(100)).toBeCloseTo(unit(1_000 - 100), 6);
    expect(saved(1_000)).toBeCloseTo(0, 9);
  });

  it('with topics Kinesis has entries alone, and pollers are paid by the mapping where they are asked for', () => {
    const bill = (change: object) =>
      lotteryBill({ ...settings('dev'), connector: 'kafka', ...change }, { ...load, clicksPerSecond: 0 }, 0)
        .lines;
    expect(bill({}).Kinesis).toBeCloseTo(730 * 0.015, 6);
    expect(bill({})).not.toHaveProperty('Event pollers');
    // Six mappings with the page; eleven pollers are two units.
    expect(bill({ kafkaPollers: '1-10' })['Event pollers']).toBeCloseTo(6 * 730 * 0.185, 6);
    expect(bill({ kafkaPollers: '11-20', livePage: 'off' })['Event pollers']).toBeCloseTo(
      4 * 2 * 730 * 0.185,
      6,
    );
    // In a VPC all mappings of an environment share: eleven pollers of each of four are five units.
    const inVpc = { kafkaSubnetIds: 'subnet-0a1b2c3d' };
    expect(bill({ kafkaPollers: '1-10', ...inVpc })['Event pollers']).toBeCloseTo(730 * 0.185, 6);
    expect(bill({ kafkaPollers: '11-20', livePage: 'off', ...inVpc })['Event pollers']).toBeCloseTo(
      5 * 730 * 0.185,
      6,
    );
  });

  it('a provisioned table is paid by the hour: its least, or what is used and the room above it', () => {
    const price = (clicksPerSecond: number) => {
      const one = { ...settings('dev'), tableCapacity: '100-2000' } as const;
      const calls = { ...work, draws: 0 };
      return tablesBill(one, { ...load, users: 0, clicksPerSecond }, calls);
    };
    expect(price(0)).toBeCloseTo(100 * 730 * (0.000_65 + 0.000_13), 6);
    // 1,000 writes and 500 units of reads a second are 70 percent of this.
    expect(price(1_000)).toBeCloseTo(730 * (1_429 * 0.000_65 + 715 * 0.000_13), 6);
  });

  it('a batch of clicks leaves a block: one put, a read for each draw in it; a draw a sheet; each entry is kept in both', () => {
    const s3 = (lotteries: number) =>
      lotteryBill(settings('prod'), { ...load, lotteries, clicksPerSecond: 1_000 }, 0).lines.S3;
    // Four shards, a batch a second each.
    // The archive has each outcome, and each draw closed and drawn, with a line around it; gzip leaves a fifth.
    const kept = (draws: number) =>
      ((secondsPerMonth * (1_000 * 190 + 0.2 * (1_000 * 1_140 + draws * 1_470))) / 1e9) * 0.023;
    // Full batches of outcomes, and one a minute of each of the four shards of draws.
    const objects = ((1_000 * 1_010) / 2_500_000 + 4 / 60) * 5;
    // A draw of each lottery every ten seconds.
    const puts = (lotteries: number) => 4 * (5 + 0.4 * lotteries) + 0.1 * lotteries * 5 + objects;
    expect(s3(1)).toBeCloseTo((secondsPerMonth * puts(1)) / 1e6 + kept(0.1), 6);
    expect(s3(100)).toBeCloseTo((secondsPerMonth * puts(100)) / 1e6 + kept(10), 6);
  });

  it('the archive has an object a batching window and shard, more where batches are full; Firehose bills 5 KB a record', () => {
    const objects = (clicksPerSecond: number, archiveBatchingSeconds: number) =>
      workOf({ ...settings('prod'), archiveBatchingSeconds }, { ...load, clicksPerSecond })
        .archiveInvocations;
    expect(objects(100, 60)).toBeCloseTo(8 / 60, 9);
    expect(objects(1_000, 60)).toBeCloseTo((1_000 * 1_010) / 2_500_000 + 4 / 60, 9);
    expect(objects(0, 60)).toBe(0);
    const firehose = firehoseBill({ ...load, clicksPerSecond: 1_000 }, { ...work, draws: 0 });
    expect(firehose).toBeCloseTo(monthGb(1_000, 5 * 1_024) * 0.029, 6);
  });

  it('a batch of clicks is signed once, however many there are in it', () => {
    const kms = (clicksPerSecond: number) =>
      lotteryBill(settings('prod'), { ...load, clicksPerSecond }, 0).lines.KMS;
    // Two keys; four shards, a batch a second each.
    expect(kms(0)).toBeCloseTo(2, 6);
    expect(kms(1_000)).toBeCloseTo(2 + (4 * secondsPerMonth * 15) / 1e6, 6);
    expect(kms(2_000)).toBe(kms(1_000));
  });

  it('receipts are in the outcomes that are read and kept, and a draw is announced when it is closed', () => {
    const price = (entries: boolean) => {
      const one = { ...settings('prod'), ...day };
      const calls = { ...work, shards: 4 };
      const options = { entries, onDemand: { ...prices.kinesis.onDemand, streamHour: 0, gbIn: 0 } };
      return streamsBill(one, { ...load, clicksPerSecond: 100 }, calls, options);
    };
    expect(price(true) - price(false)).toBeCloseTo((monthGb(100, 700) + monthGb(0.1, 500)) * 0.04, 6);
  });

  it('a shard without clicks costs its heartbeats, on the stream and in the table', () => {
    const idle = { ...load, users: 0, clicksPerSecond: 1 };
    const perShard = (bill: (shards: number) => number) => (bill(101) - bill(1)) / 100;
    const one = (shards: number) => ({ ...settings('dev'), lotteryShards: shards });
    const streams = perShard((shards) =>
      streamsBill(one(shards), idle, workOf(one(shards), idle), {
        entries: true,
        onDemand: prices.kinesis.onDemand,
      }),
    );
    // Two a window of ten seconds; a shard of each of the two streams of lotteries.
    expect(streams).toBeCloseTo(2 * 730 * 0.015 + (0.2 * secondsPerMonth * 0.014) / 1e6, 6);
    const tables = perShard((shards) => tablesBill(one(shards), idle, workOf(one(shards), idle)));
    // Each writes the shard's watermark, and four times a window somebody reads it.
    expect(tables).toBeCloseTo((secondsPerMonth * (0.2 * 0.625 + 0.4 * 0.125)) / 1e6, 6);
  });

  it('a draw costs its ticks, and the writes of itself and of what is open', () => {
    const cost = (lotteries: number, clicksPerSecond: number) => {
      const many = { ...load, users: 0, lotteries, clicksPerSecond };
      const { partials, draws } = workOf(settings('dev'), many);
      return { bill: tablesBill(settings('dev'), many, workOf(settings('dev'), many)), partials, draws };
    };
    // A click a draw, so that it has one block.
    const [few, many] = [cost(10, 1), cost(20, 2)];
    expect([few.draws, many.draws, few.partials, many.partials]).toEqual([1, 2, 1, 2]);
    const click = 0.625 + 0.5 * 0.125;
    const draw = 5 * 0.625 + 8 * 0.125;
    // Ten of them come together, and ask ten times whether the window is complete.
    const ticks = 4 * 0.125;
    // The lottery is read for the batch, and for each tick.
    const lottery = 5 * 0.125;
    expect(many.bill - few.bill).toBeCloseTo(((click + draw + ticks + lottery) * secondsPerMonth) / 1e6, 6);
  });

  it('less memory than that of a core makes functions slower, not cheaper; waiting for shards takes as long with any', () => {
    const price = (memoryMb: number, clicksPerSecond: number) =>
      lotteryBill({ ...settings('dev'), memoryMb }, { ...load, clicksPerSecond }, 0).lines.Lambda ?? 0;
    const ofClicks = (memoryMb: number) => price(memoryMb, 200) - price(memoryMb, 100);
    expect(ofClicks(512)).toBeCloseTo(ofClicks(1_769), 6);
    expect(ofClicks(3_538)).toBeGreaterThan(1.5 * ofClicks(1_769));
    // Two ticks a window wait two seconds each, and two for the beacon's round.
    const waiting = (memoryMb: number) => 0.8 * (memoryMb / 1_024) * secondsPerMonth * 0.000_013_333_4;
    expect(price(1_769, 100) - price(512, 100)).toBeCloseTo(waiting(1_769) - waiting(512), 6);
  });

  it('waiting to fill batches makes fewer invocations', () => {
    const price = (userEventsBatchingSeconds: number) =>
      lotteryBill({ ...settings('prod'), userEventsBatchingSeconds }, { ...load, clicksPerSecond: 1_000 }, 0)
        .lines.Lambda ?? 0;
    expect(price(2)).toBeLessThan(0.95 * price(0));
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

  it('a page has a dashboard and alarms of its own', () => {
    const cloudWatch = (livePage: 'on' | 'off') =>
      lotteryBill(
        { ...settings('dev'), livePage },
        { ...load, clicksPerSecond: 0 },
        alarmMetrics('dev', { 'dev:livePage': livePage }),
      ).lines.CloudWatch ?? 0;
    // What docs/cost.md says: 17 metrics and the dashboard.
    expect(cloudWatch('on') - cloudWatch('off')).toBeCloseTo(17 * 0.1 + 3, 6);
  });

  it('a Flink application has one unit to coordinate and at least one to work', () => {
    const flink = (clicksPerSecond: number) =>
      flinkBill(settings('dev'), { ...load, clicksPerSecond }).lines['Managed Flink'];
    expect(flink(10_000)).toBeCloseTo(2 * 0.11 * 730 + 50 * 0.1, 6);
    expect(flink(50_001)).toBeCloseTo(3 * 0.11 * 730 + 2 * 50 * 0.1, 6);
  });

  it('a Flink application has the streams that cost least, whatever the environment has', () => {
    const kinesis = (clicksPerSecond: number) =>
      flinkBill(settings('prod'), { ...load, clicksPerSecond }).lines.Kinesis ?? 0;
    // Seven days of five shards at 1,000 clicks/s: two of each stream of clicks, one of each of lotteries.
    const puts = ((2_000 + 0.1) * secondsPerMonth * 0.014) / 1e6;
    expect(kinesis(1_000)).toBeCloseTo(6 * 730 * (0.015 + 0.02) + puts, 6);
    expect(kinesis(0)).toBeCloseTo(4 * 730 * (0.015 + 0.02), 6);
  });

  it('is in docs/cost.md and docs/scale.md as the script says', () => {
    const priced = [...resolved].map(([name, one]) => {
      return { name, settings: one, alarmMetrics: alarmMetrics(name, {}) };
    });
    const page = readFileSync(new URL('../../docs/cost.md', import.meta.url), 'utf8');
    expect(page).toContain(costTable(priced, load));
    const [prod] = priced.filter(({ name }) => name === 'prod');
    expect(prod && page.includes(steadyTable(prod, load))).toBe(true);
    expect(prod && page.includes(outerTable(prod, load))).toBe(true);
    const scale = readFileSync(new URL('../../docs/scale.md', import.meta.url), 'utf8');
    expect(prod && scale.includes(sizesTable(prod, load))).toBe(true);
    expect(prod && scale.includes(sizesTable(prod, { ...load, ...together }))).toBe(true);
    expect(prod && scale.includes(limitsTable(prod.settings, load))).toBe(true);
    for (const { tableCapacity } of steadyLoads) {
      expect(page).toContain(`\`-c prod:tableCapacity=${tableCapacity}\``);
    }
  });

  it('names for each steady load a span that carries it', () => {
    for (const { clicksPerSecond, tableCapacity } of steadyLoads) {
      const notes = capacityNotes(
        'prod',
        { ...settings('prod'), tableCapacity },
        { ...load, clicksPerSecond },
      );
      expect([tableCapacity, notes]).toEqual([tableCapacity, []]);
    }
  });
});
