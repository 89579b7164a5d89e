import { Command, InvalidArgumentError, Option } from 'commander';
import { environments } from '../../lib/environments.ts';
import { topicNames } from '../../lib/kafka-topics.ts';
import { resolveEnvironments, SettingsError } from '../../lib/resolve-settings.ts';
import type { Settings } from '../../lib/settings.ts';
import { contextOption, settingsOf, wholeNumber } from '../command-options.ts';
import { alarmMetrics } from './alarm-metrics.ts';
import { firehoseBill } from './archive.ts';
import { type Estimate, estimateOf, jsonOf } from './estimate.ts';
import { adviceText, cheapestText, limitsText, wrapped } from './limits-text.ts';
import { assumptions, clicksOfBatch, type Load, neededShards, workOf } from './load.ts';
import { prices, secondsPerMonth } from './prices.ts';
import { billsText, costTable, outerTable, steadyTable, tableLoads } from './report.ts';
import { limitsTable, sizesTable, together } from './scale-table.ts';
import { capacityNotes } from './tables.ts';
import { dollars } from './text-tables.ts';

interface Options {
  readonly env: string;
  /** Undefined: nobody clicks. */
  readonly clicksPerSecond?: number;
  readonly clicksPerUserAndBatch: number;
  readonly clicksPerRecord: number;
  readonly lotteries: number;
  readonly users: number;
  readonly context: Readonly<Record<string, string>>;
  readonly advantage: boolean;
  readonly table: boolean;
  readonly json: boolean;
}

/** Beyond it, nothing here was thought through. */
const mostClicksPerSecond = 1_000_000;
const mostLotteries = 100_000;
const mostUsers = 10_000_000_000;
/** A record of 1 MiB, which is the most that the Kinesis Producer Library makes. */
const mostClicksPerRecord = Math.floor(
  2 ** 20 / (assumptions.recordBytes.click + assumptions.aggregateBytes.ofEvent),
);

function clicksPerSecond(text: string): number {
  if (text === '0') throw new InvalidArgumentError('Without it the bill is that of an idle environment.');
  return wholeNumber(1, mostClicksPerSecond)(text);
}

/** An average. */
function fromOne(text: string): number {
  const number = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || number < 1) throw new InvalidArgumentError('A number of 1 or more.');
  return number;
}

/**
 * What the command prints.
 * @param parameters as on the command line, after the command
 * @throws SettingsError when an environment or a setting is not one, or what is given does not go together; for other
 *   parameters that are wrong the process ends, as commander has it
 */
export function costCommand(parameters: readonly string[]): string {
  const options: Options = new Command('npm run cost --')
    .helpOption('-h, --help', 'show this help')
    .description(
      'What an environment costs a month by the list prices, beside a managed Flink application; for a load, what to set and which limits it meets',
    )
    .option('--env <name>', 'environment', 'dev')
    .option('--clicks-per-second <number>', 'load, day and night; without it nobody clicks', clicksPerSecond)
    .option('--clicks-per-user-and-batch <number>', 'clicks of a user that come together', fromOne, 1)
    .option(
      '--clicks-per-record <number>',
      'clicks that producers aggregate into a record',
      wholeNumber(1, mostClicksPerRecord),
      1,
    )
    .option(
      '--lotteries <number>',
      'lotteries that are clicked on at a time',
      wholeNumber(1, mostLotteries),
      1,
    )
    .option('--users <number>', 'users that have coupons', wholeNumber(0, mostUsers), 1_000_000)
    .addOption(contextOption())
    .option('--advantage', 'the account has On-demand Advantage of Kinesis', false)
    .option('--table', 'the tables of docs/cost.md and docs/scale.md instead', false)
    .addOption(new Option('--json', 'the same as JSON').default(false).conflicts('table'))
    .parse(parameters, { from: 'user' })
    .opts();
  if (options.table) return table(options);
  const estimate = estimateFor(options);
  return options.json ? JSON.stringify(jsonOf(estimate), null, 2) : estimateText(estimate);
}

function estimateFor(options: Options): Estimate {
  const { env, context, advantage, clicksPerSecond = 0, ...rest } = options;
  const settings = settingsOf(env, context);
  const { clicksPerUserAndBatch, clicksPerRecord, lotteries, users } = rest;
  const ofBatch = settings.userEventsBatchSize * clicksPerRecord;
  if (clicksPerUserAndBatch > ofBatch) {
    throw new SettingsError(
      `--clicks-per-user-and-batch: a batch has at most ${ofBatch} clicks (${env}:userEventsBatchSize x --clicks-per-record)`,
    );
  }
  const load = { clicksPerSecond, clicksPerUserAndBatch, clicksPerRecord, lotteries, users };
  if (clicksPerUserAndBatch > clicksOfBatch(settings, load)) {
    const [second, batch] = [clicksPerSecond, clicksOfBatch(settings, load)].map((clicks) =>
      clicks.toLocaleString('en-US', { maximumFractionDigits: 1 }),
    );
    throw new SettingsError(
      `--clicks-per-user-and-batch: at ${second} clicks/s a batch has ${batch} clicks, on average`,
    );
  }
  return estimateOf({
    ...{ env, settings, load },
    alarmMetrics: alarmMetrics(env, context),
    onDemand: advantage ? prices.kinesis.advantage : prices.kinesis.onDemand,
  });
}

function estimateText({ env, load, settings, lottery, flink, scale }: Estimate): string {
  const { clicksPerSecond } = load;
  const bills = [
    ['Lottery Streams', lottery],
    ['A managed Flink application', flink],
  ] as const;
  return [
    `${env}, ${clicksPerSecond.toLocaleString('en-US')} clicks/s, US dollars`,
    billsText(bills, load),
    ...(scale === undefined
      ? []
      : [
          archiveNote(settings, load),
          adviceText(env, scale.advice),
          ...(settings.connector === 'kafka' ? [topicsNote(load)] : []),
          cheapestText(env, scale.cheapest.choice, scale.cheapest),
          limitsText(scale.limits),
        ]),
  ].join('\n\n');
}

/** Brokers have an owner, who makes topics. */
function topicsNote({ clicksPerSecond }: Load): string {
  const partitions = neededShards(clicksPerSecond);
  const { 'user-events-input': input, 'user-events-output': output } = topicNames;
  return wrapped(
    `Topics: ${partitions} or more partitions of ${input} and ${output} each, of ${assumptions.shardRecords * assumptions.shardUse} clicks/s. What brokers take and cost is their owner's to know.`,
    '',
  );
}

/** What the archive's puts are beside Firehose, which would make objects of the same records. */
function archiveNote(settings: Settings, load: Load): string {
  const work = workOf(settings, load);
  const puts = ((work.archiveInvocations * secondsPerMonth) / 1e6) * prices.s3.millionPuts;
  const firehose = dollars(firehoseBill(load, work));
  return wrapped(
    `The archive: ${dollars(puts)} a month for its puts, among S3; Firehose would take ${firehose} to make them.`,
    '',
  );
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
    ...prod.flatMap((one) => [sizesTable(one, load), sizesTable(one, { ...load, ...together })]),
    ...prod.map((one) => limitsTable(one.settings, load)),
    ...notes,
  ].join('\n\n');
}
