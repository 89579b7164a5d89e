import { pollerGroup, topicMappings } from '../../lib/kafka-pollers.ts';
import { ends } from '../../lib/setting-fields.ts';
import type { Settings } from '../../lib/settings.ts';
import { archivedGb } from './archive.ts';
import { assumptions, type Load, type Work, workOf } from './load.ts';
import { pageBill } from './page.ts';
import { hoursPerMonth, type OnDemandPrices, prices, secondsPerMonth } from './prices.ts';
import { streamsBill } from './streams.ts';
import { tablesBill } from './tables.ts';

/** Dollars a month, by service. */
export interface Bill {
  readonly lines: Readonly<Record<string, number>>;
  readonly total: number;
}

const million = 1e6;
const gb = 1e9;

/**
 * What an environment costs a month under a load that does not change.
 * @param onDemand what on-demand streams cost in its account
 */
export function lotteryBill(
  settings: Settings,
  load: Load,
  alarmMetrics: number,
  onDemand: OnDemandPrices = prices.kinesis.onDemand,
): Bill {
  const work = workOf(settings, load);
  return bill({
    Kinesis: streamsBill(settings, load, work, { entries: true, onDemand }),
    DynamoDB: tablesBill(settings, load, work),
    Lambda: functions(settings, load, work),
    ...(settings.kafkaPollers === 'on-demand' ? {} : { 'Event pollers': pollers(settings) }),
    SQS: queue(work),
    S3: drawsBucket(load, work),
    KMS: keys(settings, work),
    CloudWatch: operations(settings, work, alarmMetrics),
    'the page': pageBill(settings, load, work),
  });
}

/**
 * A managed Flink application that does the same, at its cheapest: the streams but for entries, in the mode that
 * costs least at this load, whatever the environment has; state in the application; no alarms and no logs.
 */
export function flinkBill(settings: Settings, load: Load): Bill {
  const kpus = 1 + Math.max(1, Math.ceil(load.clicksPerSecond / assumptions.clicksPerKpu));
  const { kpuHour, storageGbMonth, storageGbPerKpu } = prices.flink;
  const streams = streamModes.map(({ shards, onDemand }) => {
    const inMode = { ...settings, shards, lotteryShards: shards };
    return streamsBill(inMode, load, workOf(inMode, load), { entries: false, onDemand });
  });
  return bill({
    Kinesis: Math.min(...streams),
    'Managed Flink': kpus * kpuHour * hoursPerMonth + (kpus - 1) * storageGbPerKpu * storageGbMonth,
  });
}

/** The ways to have streams; with one shard asked for there are as many as the load needs. */
export const streamModes = [
  { name: 'on demand', shards: 'on-demand', onDemand: prices.kinesis.onDemand },
  { name: 'Advantage', shards: 'on-demand', onDemand: prices.kinesis.advantage },
  { name: 'provisioned', shards: 1, onDemand: prices.kinesis.onDemand },
] as const;

function bill(lines: Record<string, number>): Bill {
  return { lines, total: Object.values(lines).reduce((sum, line) => sum + line, 0) };
}

function functions({ memoryMb }: Settings, { clicksPerSecond }: Load, work: Work): number {
  const { userEventsMs, lotteryEventsMs, drawMs, ticksMs, archiveMs, coreMemoryMb } = assumptions;
  const onACore =
    work.userInvocations * userEventsMs.fixed +
    clicksPerSecond * userEventsMs.perClick +
    work.lotteryInvocations * lotteryEventsMs +
    work.drawInvocations * drawMs.fixed +
    work.draws * drawMs.perDraw +
    work.partials * drawMs.perPartial +
    clicksPerSecond * drawMs.perEntry +
    work.tickInvocations * ticksMs.work +
    work.archiveInvocations * archiveMs.fixed +
    (clicksPerSecond + 2 * work.draws) * archiveMs.perRecord;
  const waiting = work.tickInvocations * ticksMs.waiting;
  const milliseconds = onACore * Math.max(1, coreMemoryMb / memoryMb) + waiting;
  const gbSeconds = (milliseconds / 1_000) * (memoryMb / 1_024) * secondsPerMonth;
  const requests = invocations(work) * secondsPerMonth;
  return gbSeconds * prices.lambda.gbSecond + (requests / million) * prices.lambda.millionRequests;
}

/** What Lambda keeps waiting at topics. It bills no pollers of its own choice; those that a load adds are not counted. */
function pollers(settings: Settings): number {
  const { kafkaPollers } = settings;
  if (kafkaPollers === 'on-demand') return 0;
  const { pollerUnitHour, pollersOfUnit } = prices.lambda;
  const mappings = topicMappings(settings);
  const { least } = ends(kafkaPollers);
  const units =
    pollerGroup('', settings) === undefined
      ? mappings * Math.ceil(least / pollersOfUnit)
      : Math.ceil((mappings * least) / pollersOfUnit);
  return units * pollerUnitHour * hoursPerMonth;
}

/** Of all functions but the page's, which waits for most of its time. */
export function invocations(work: Work): number {
  const { userInvocations, lotteryInvocations, drawInvocations, tickInvocations, archiveInvocations } = work;
  return userInvocations + lotteryInvocations + drawInvocations + tickInvocations + archiveInvocations;
}

function queue({ ticks }: Work): number {
  const polls = assumptions.queuePollers / 20;
  // Sent, received, deleted.
  return (((polls + 3 * ticks) * secondsPerMonth) / million) * prices.sqs.millionRequests;
}

/**
 * Blocks, sheets and the archive's objects are put, blocks read by the draw; and what a month adds to what is kept: each entry
 * is in a block and a sheet, each outcome in the archive.
 */
function drawsBucket(load: Load, work: Work): number {
  const { blocks, partials, draws, archiveInvocations } = work;
  const { millionPuts, millionGets, gbMonth } = prices.s3;
  const entriesGb = (2 * load.clicksPerSecond * assumptions.entryBytes * secondsPerMonth) / gb;
  const addedGb = entriesGb + archivedGb(load, work);
  const puts = blocks + draws + archiveInvocations;
  const requests = ((puts * millionPuts + partials * millionGets) * secondsPerMonth) / million;
  return requests + addedGb * gbMonth;
}

/** The receipts' key, which signs once a batch, and the one of the environment's own. The services reuse data keys. */
function keys({ encryption }: Settings, { blocks }: Work): number {
  const { keyMonth, millionSigns } = prices.kms;
  const keys = encryption === 'own-key' ? 2 : 1;
  return keys * keyMonth + ((blocks * secondsPerMonth) / million) * millionSigns;
}

function operations({ livePage }: Settings, work: Work, alarmMetrics: number): number {
  const { cloudwatch } = prices;
  const dashboards = livePage === 'off' ? 1 : 2;
  const logGb = (invocations(work) * assumptions.logBytes * secondsPerMonth) / gb;
  // CloudWatch bills a metric only for the hours in which it had data.
  const metrics = work.userInvocations > 0 ? assumptions.customMetrics : 0;
  return (
    alarmMetrics * cloudwatch.alarmMetricMonth +
    dashboards * cloudwatch.dashboardMonth +
    metrics * cloudwatch.customMetricMonth +
    logGb * cloudwatch.logGb
  );
}
