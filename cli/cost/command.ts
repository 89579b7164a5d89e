import { Command, InvalidArgumentError } from 'commander';
import { environments } from '../../lib/environments.ts';
import { resolveEnvironments, SettingsError } from '../../lib/resolve-settings.ts';
import type { Settings } from '../../lib/settings.ts';
import { contextOption, problemOf } from '../command-options.ts';
import { alarmMetrics } from './alarm-metrics.ts';
import { firehoseBill } from './archive.ts';
import { type Load, workOf } from './load.ts';
import { flinkBill, lotteryBill } from './model.ts';
import { prices, secondsPerMonth } from './prices.ts';
import { billText, costTable, dollars, outerTable, steadyTable, tableLoads } from './report.ts';
import { capacityNotes } from './tables.ts';

interface Options {
  readonly env: string;
  readonly clicksPerSecond: number;
  readonly clicksPerUserAndBatch: number;
  readonly clicksPerRecord: number;
  readonly lotteries: number;
  readonly users: number;
  readonly context: Readonly<Record<string, string>>;
  readonly advantage: boolean;
  readonly table: boolean;
}

function atLeast(least: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (text === '' || !(number >= least) || !Number.isFinite(number)) {
      throw new InvalidArgumentError(`It must be a number of ${least} or more.`);
    }
    return number;
  };
}

/**
 * What the command prints.
 * @param parameters as on the command line, after the command
 * @throws SettingsError when an environment or a setting is not one; for other parameters that are wrong the process
 *   ends, as commander has it
 */
export function costCommand(parameters: readonly string[]): string {
  const options: Options = new Command('npm run cost --')
    .helpOption('-h, --help', 'show this help')
    .description('What an environment costs a month by the list prices, beside a managed Flink application')
    .option('--env <name>', 'environment', 'dev')
    .option('--clicks-per-second <number>', 'load, day and night', atLeast(0), 0)
    .option('--clicks-per-user-and-batch <number>', 'clicks of a user that come together', atLeast(1), 1)
    .option('--clicks-per-record <number>', 'clicks that producers aggregate into a record', atLeast(1), 1)
    .option('--lotteries <number>', 'lotteries that are clicked on at a time', atLeast(1), 1)
    .option('--users <number>', 'users that have coupons', atLeast(0), 1_000_000)
    .addOption(contextOption())
    .option('--advantage', 'the account has On-demand Advantage of Kinesis', false)
    .option('--table', 'the tables of docs/cost.md instead', false)
    .parse(parameters, { from: 'user' })
    .opts();
  const problem = options.table ? undefined : problemOf(options.env, options.context);
  if (problem !== undefined) throw new SettingsError(problem);
  return options.table ? table(options) : bills(options);
}

function bills({ env, context, table: _, advantage, ...load }: Options): string {
  const settings = resolveEnvironments(environments, context).get(env);
  // Not one that `problemOf` lets pass.
  if (settings === undefined) throw new SettingsError(`There is no environment '${env}'`);
  const onDemand = advantage ? prices.kinesis.advantage : prices.kinesis.onDemand;
  return [
    `${env}, ${load.clicksPerSecond} clicks/s, US dollars a month`,
    billText('Lottery Streams', lotteryBill(settings, load, alarmMetrics(env, context), onDemand), load),
    billText('A managed Flink application', flinkBill(settings, load), load),
    ...archiveNote(settings, load),
    ...capacityNotes(env, settings, load),
  ].join('\n\n');
}

/** What the archive's puts are beside Firehose, which would make objects of the same records. */
function archiveNote(settings: Settings, load: Load): string[] {
  if (load.clicksPerSecond === 0) return [];
  const work = workOf(settings, load);
  const puts = ((work.archiveInvocations * secondsPerMonth) / 1e6) * prices.s3.millionPuts;
  return [
    `The archive: ${dollars(puts)} for its puts, among S3; Firehose would take ${dollars(firehoseBill(load, work))} to make them.`,
  ];
}

function table({ context, lotteries, users, clicksPerUserAndBatch }: Options): string {
  const priced = [...resolveEnvironments(environments, context)].map(([name, settings]) => {
    return { name, settings, alarmMetrics: alarmMetrics(name, context) };
  });
  const load = { lotteries, users, clicksPerUserAndBatch };
  const prod = priced.filter(({ name }) => name === 'prod');
  const notes = priced.flatMap(({ name, settings }) =>
    tableLoads.flatMap((clicksPerSecond) => capacityNotes(name, settings, { ...load, clicksPerSecond })),
  );
  return [
    costTable(priced, load),
    ...prod.flatMap((one) => [steadyTable(one, load), outerTable(one, load)]),
    ...notes,
  ].join('\n\n');
}
