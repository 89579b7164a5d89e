import type { Settings } from '../../lib/settings.ts';
import { type Load, withOneUser } from './load.ts';
import { type Bill, flinkBill, lotteryBill, streamModes } from './model.ts';
import { hoursPerMonth, secondsPerMonth } from './prices.ts';
import { columns, dollars, markdown } from './text-tables.ts';

/** Bills as columns of text, the dearest service first; with what a million clicks are of that, where there are any. */
export function billsText(
  bills: readonly (readonly [title: string, Bill])[],
  { clicksPerSecond }: Load,
): string {
  const millionClicks = (clicksPerSecond * secondsPerMonth) / 1e6;
  const heads = ['an hour', 'a month', ...(millionClicks > 0 ? ['a million clicks'] : [])];
  const row = (name: string, amount: number) => [
    name,
    dollars(amount / hoursPerMonth),
    dollars(amount),
    ...(millionClicks > 0 ? [dollars(amount / millionClicks)] : []),
  ];
  const rows = bills.flatMap(([title, { lines, total }]) => [
    row(title, total),
    ...Object.entries(lines)
      .filter(([, amount]) => amount > 0)
      .sort(([, a], [, b]) => b - a)
      .map(([name, amount]) => row(`  ${name}`, amount)),
  ]);
  return columns([['', ...heads], ...rows]);
}

/** Clicks per second of the table in docs/cost.md. */
export const tableLoads = [0, 10, 1_000, 10_000];

export interface PricedEnvironment {
  readonly name: string;
  readonly settings: Settings;
  readonly alarmMetrics: number;
}

/** The table of docs/cost.md: a row for each environment and load. */
export function costTable(
  environments: readonly PricedEnvironment[],
  load: Omit<Load, 'clicksPerSecond'>,
): string {
  const head = [
    'environment',
    'clicks/s',
    'Kinesis',
    'DynamoDB',
    'Lambda',
    'the rest',
    '**total**',
    '10 clicks a user and batch',
    'Flink',
  ];
  const rows = environments.flatMap((one) =>
    tableLoads.map((clicksPerSecond) => row(one, { ...load, clicksPerSecond })),
  );
  return markdown(head, 1, rows);
}

/** Loads at which the ways to pay for the same are compared, with a span of units that carries each. */
export const steadyLoads = [
  { clicksPerSecond: 1_000, tableCapacity: '100-2000' },
  { clicksPerSecond: 10_000, tableCapacity: '1000-20000' },
] as const;

/** The second table of docs/cost.md: one environment at a steady load, in every mode of streams and tables. */
export function steadyTable(
  { settings, alarmMetrics }: PricedEnvironment,
  load: Omit<Load, 'clicksPerSecond'>,
): string {
  const head = [
    'clicks/s',
    'streams',
    'table of users',
    'Kinesis',
    'DynamoDB',
    '**total**',
    '10 clicks a user and batch',
    'Flink',
  ];
  const rows = steadyLoads.flatMap(({ clicksPerSecond, tableCapacity: span }) =>
    (['on-demand', span] as const).flatMap((tableCapacity) =>
      streamModes.map(({ name, shards, onDemand }) => {
        const steady = { ...settings, tableCapacity, shards, lotteryShards: shards };
        const one = { ...load, clicksPerSecond };
        const { lines, total } = lotteryBill(steady, one, alarmMetrics, onDemand);
        const together = lotteryBill(steady, { ...one, clicksPerUserAndBatch: 10 }, alarmMetrics, onDemand);
        return [
          clicksPerSecond.toLocaleString('en-US'),
          name,
          tableCapacity === 'on-demand' ? 'on demand' : 'provisioned',
          dollars(lines.Kinesis ?? 0),
          dollars(lines.DynamoDB ?? 0),
          `**${dollars(total)}**`,
          dollars(together.total),
          dollars(flinkBill(settings, one).total),
        ];
      }),
    ),
  );
  return markdown(head, 3, rows);
}

/** What the outer streams of one environment can be. Brokers are not in it: they are their owner's. */
const outerStreams = [
  { name: 'Kinesis, plain records', change: {}, clicksPerRecord: 1 },
  { name: 'Kinesis, 100 clicks a record', change: {}, clicksPerRecord: 100 },
  {
    name: 'the same, and `aggregateOutputs`',
    change: { aggregateOutputs: 'on' },
    clicksPerRecord: 100,
  },
  { name: 'Kafka, on-demand pollers', change: { connector: 'kafka' }, clicksPerRecord: 1 },
  {
    name: 'Kafka, `kafkaPollers=1-10`',
    change: { connector: 'kafka', kafkaPollers: '1-10' },
    clicksPerRecord: 1,
  },
  {
    name: 'the same, in a VPC',
    change: { connector: 'kafka', kafkaPollers: '1-10', kafkaSubnetIds: 'subnet-0a1b2c3d' },
    clicksPerRecord: 1,
  },
] as const;

/** The third table of docs/cost.md: one environment with plain and aggregated records, and with topics. */
export function outerTable(
  { settings, alarmMetrics }: PricedEnvironment,
  load: Omit<Load, 'clicksPerSecond'>,
): string {
  const head = [
    'clicks/s',
    'outer streams',
    'on demand: Kinesis',
    '**total**',
    'provisioned: Kinesis',
    '**total**',
  ];
  const rows = steadyLoads.flatMap(({ clicksPerSecond }) =>
    outerStreams.map(({ name, change, clicksPerRecord }) => {
      const bills = (['on-demand', 1] as const).map((shards) => {
        const one = { ...settings, ...change, shards, lotteryShards: shards };
        return lotteryBill(one, { ...load, clicksPerSecond, clicksPerRecord }, alarmMetrics);
      });
      return [
        clicksPerSecond.toLocaleString('en-US'),
        name,
        ...bills.flatMap(({ lines, total }) => [dollars(lines.Kinesis ?? 0), `**${dollars(total)}**`]),
      ];
    }),
  );
  return markdown(head, 2, rows);
}

function row({ name, settings, alarmMetrics }: PricedEnvironment, load: Load): string[] {
  const { lines, total } = lotteryBill(settings, load, alarmMetrics);
  const { Kinesis = 0, DynamoDB = 0, Lambda = 0 } = lines;
  const together = lotteryBill(settings, withOneUser(settings, load, 10), alarmMetrics);
  return [
    name,
    load.clicksPerSecond.toLocaleString('en-US'),
    dollars(Kinesis),
    dollars(DynamoDB),
    dollars(Lambda),
    dollars(total - Kinesis - DynamoDB - Lambda),
    `**${dollars(total)}**`,
    dollars(together.total),
    dollars(flinkBill(settings, load).total),
  ];
}
