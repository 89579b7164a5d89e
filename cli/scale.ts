/**
 * `npm run scale`: what waiting for windows costs by shards and lotteries, counted in the simulation: messages, heartbeats,
 * reads and writes of watermarks, for one window. docs/benchmarks.md has the table.
 */
import { Command } from 'commander';
import { scaleOf } from '../proof/simulation/scale.ts';
import { templatesOf } from '../proof/simulation/templates.ts';
import { wholeNumber } from './command-options.ts';

const ENVIRONMENT = 'dev';
/** Records of starts that one shard takes in a few seconds. */
const LOTTERIES_A_SHARD = 500;

const { shards, lotteries, windows } = new Command('npm run scale --')
  .description(
    'Counts what goes to and fro until the draws of a window are made, with a click in each lottery.',
  )
  .option('--shards <number>', 'of the streams that carry clicks', wholeNumber(1, 1_000), 1)
  .option('--lotteries <number>', 'how many have a click in each window', wholeNumber(1, 100_000), 1)
  .option('--windows <number>', 'how many are counted', wholeNumber(1, 1_000), 3)
  .helpOption('-h, --help', 'show this help')
  .parse(process.argv)
  .opts<{ shards: number; lotteries: number; windows: number }>();

process.env.CDK_VALIDATION ??= 'false';
const assembly = templatesOf(ENVIRONMENT, {
  [`${ENVIRONMENT}:shards`]: String(shards),
  [`${ENVIRONMENT}:lotteryShards`]: String(Math.ceil(lotteries / LOTTERIES_A_SHARD)),
});
const counts = Object.entries(await scaleOf({ assembly, lotteries, windows }));
console.log(`${shards} shards, ${lotteries} lotteries, on average for each of ${windows} windows:`);
for (const [what, count] of counts) console.log(`  ${what.padEnd(16)} ${Math.round(count * 10) / 10}`);
