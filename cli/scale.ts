/**
 * `npm run scale`: what a window costs by shards, lotteries and clicks, counted in the simulation, beside what the formulas of
 * the bill say. docs/scale.md has tables of it.
 */
import { Command } from 'commander';
import { scaleOf } from '../proof/simulation/scale.ts';
import { templatesOf } from '../proof/simulation/templates.ts';
import { settingsOf, wholeNumber } from './command-options.ts';
import { predictedCounts } from './cost/predicted.ts';
import { table } from './table.ts';

const ENVIRONMENT = 'dev';
/** Records of starts that one shard takes in a few seconds. */
const LOTTERIES_A_SHARD = 500;

const { shards, lotteries, windows, clicksPerRecord, clicksPerSecond } = new Command('npm run scale --')
  .description(
    'Counts what goes to and fro until the draws of a window are made, with a click in each lottery, or so many a second.',
  )
  .option('--shards <number>', 'of the streams that carry clicks', wholeNumber(1, 1_000), 1)
  .option('--lotteries <number>', 'how many are clicked on in each window', wholeNumber(1, 100_000), 1)
  .option('--windows <number>', 'how many are counted', wholeNumber(1, 1_000), 3)
  .option('--clicks-per-second <number>', 'each of another user', wholeNumber(1, 10_000))
  .option(
    '--clicks-per-record <number>',
    'clicks that are aggregated into a record',
    wholeNumber(1, 1_000),
    1,
  )
  .helpOption('-h, --help', 'show this help')
  .parse(process.argv)
  .opts<{
    shards: number;
    lotteries: number;
    windows: number;
    clicksPerRecord: number;
    clicksPerSecond?: number;
  }>();

process.env.CDK_VALIDATION ??= 'false';
const context = {
  [`${ENVIRONMENT}:shards`]: String(shards),
  [`${ENVIRONMENT}:lotteryShards`]: String(Math.ceil(lotteries / LOTTERIES_A_SHARD)),
};
const assembly = templatesOf(ENVIRONMENT, context);
const settings = settingsOf(ENVIRONMENT, context);
const perSecond = clicksPerSecond ?? lotteries / settings.windowSeconds;
const load = { clicksPerSecond: perSecond, clicksPerUserAndBatch: 1, clicksPerRecord, lotteries, users: 0 };
const formulas = new Map<string, number>(Object.entries(predictedCounts(settings, load)));
const counts = await scaleOf({
  ...{ assembly, lotteries, windows, clicksPerRecord },
  ...(clicksPerSecond !== undefined && { clicksPerSecond }),
});
console.log(
  `${shards} shards, ${lotteries} lotteries, ${perSecond} clicks/s, a window, on average of ${windows}:`,
);
const rounded = (count: number) => Math.round(count * 10) / 10;
console.log(
  table(
    ['', 'counted', 'by the formulas of the bill'],
    Object.entries(counts).map(([what, count]) => [what, rounded(count), rounded(formulas.get(what) ?? 0)]),
  ),
);
