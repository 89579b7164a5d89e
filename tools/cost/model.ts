import type { Settings } from '../../lib/settings.ts';
import { assumptions, type Load, type Work, workOf } from './load.ts';
import { hoursPerMonth, prices, secondsPerMonth } from './prices.ts';

/** Dollars a month, by service. */
export interface Bill {
  readonly lines: Readonly<Record<string, number>>;
  readonly total: number;
}

const million = 1e6;
const gb = 1e9;
const kb = 1_000;
/** Read units of an eventually consistent read of up to 4 KB. */
const eventuallyConsistentUnit = 0.5;
/** Beyond these hours retention has a price of its own. */
const includedRetentionHours = 24;

/** What an environment costs a month under a load that does not change. */
export function lotteryBill(settings: Settings, load: Load, alarmMetrics: number): Bill {
  const work = workOf(settings, load);
  return bill({
    Kinesis: streams(settings, load, work, true),
    DynamoDB: tables(settings, load, work),
    Lambda: functions(settings, load, work),
    SQS: queue(work),
    'CloudWatch, KMS': operations(settings, work, alarmMetrics),
  });
}

/** A managed Flink application that does the same: the same streams but for entries, state in the application. */
export function flinkBill(settings: Settings, load: Load): Bill {
  const work = workOf(settings, load);
  const kpus = 1 + Math.max(1, Math.ceil(load.clicksPerSecond / assumptions.clicksPerKpu));
  const { kpuHour, storageGbMonth, storageGbPerKpu } = prices.flink;
  return bill({
    Kinesis: streams(settings, load, work, false),
    'Managed Flink': kpus * kpuHour * hoursPerMonth + (kpus - 1) * storageGbPerKpu * storageGbMonth,
  });
}

function bill(lines: Record<string, number>): Bill {
  return { lines, total: Object.values(lines).reduce((sum, line) => sum + line, 0) };
}

interface StreamLoad {
  readonly mode: Settings['shards'];
  readonly shards: number;
  readonly recordsPerSecond: number;
  readonly recordBytes: number;
  /** How often each record is read. */
  readonly readers: number;
}

function streams(settings: Settings, { clicksPerSecond }: Load, work: Work, entries: boolean): number {
  const { click, outcome, partial } = assumptions.recordBytes;
  const clicks = {
    mode: settings.shards,
    shards: work.shards,
    recordsPerSecond: clicksPerSecond,
    readers: 1,
  };
  const lottery: StreamLoad = {
    mode: settings.lotteryShards,
    shards: settings.lotteryShards === 'on-demand' ? assumptions.onDemandShards : settings.lotteryShards,
    recordsPerSecond: work.draws,
    recordBytes: partial,
    readers: 1,
  };
  const all: StreamLoad[] = [
    { ...clicks, recordBytes: click },
    { ...clicks, recordBytes: outcome },
    ...(entries ? [{ ...clicks, recordsPerSecond: work.partials + work.ticks, recordBytes: partial }] : []),
    { ...lottery, recordsPerSecond: 0 },
    lottery,
  ];
  return all.reduce((sum, one) => sum + stream(settings, one), 0);
}

function stream({ retentionHours }: Settings, load: StreamLoad): number {
  const { kinesis } = prices;
  const records = load.recordsPerSecond * secondsPerMonth;
  const extendedHours = retentionHours - includedRetentionHours;
  if (load.mode !== 'on-demand') {
    const retention = extendedHours > 0 ? kinesis.extendedRetentionShardHour : 0;
    const shardHours = load.shards * hoursPerMonth;
    return shardHours * (kinesis.shardHour + retention) + (records / million) * kinesis.millionPutUnits;
  }
  const gbIn = (records * Math.ceil(load.recordBytes / kb) * kb) / gb;
  const kept = (gbIn / hoursPerMonth) * Math.max(0, extendedHours);
  return (
    hoursPerMonth * kinesis.onDemandStreamHour +
    gbIn * (kinesis.onDemandGbIn + load.readers * kinesis.onDemandGbOut) +
    kept * kinesis.onDemandExtendedGbMonth
  );
}

function tables(settings: Settings, load: Load, work: Work): number {
  const { dynamodb } = prices;
  const users = load.clicksPerSecond / load.clicksPerUserAndBatch;
  // One conditional write and one read of a user and batch, an item of one unit each. The read is eventually
  // consistent, which is half a unit (lambda/keyed-batch.ts); those of lotteries are counted as consistent.
  const writes = (users + work.draws) * secondsPerMonth;
  const reads =
    (eventuallyConsistentUnit * users + work.userInvocations + work.drawInvocations) * secondsPerMonth;
  const stored = (load.users * assumptions.userBytes) / gb;
  const perGb = dynamodb.gbMonth + (settings.pointInTimeRecovery ? dynamodb.pointInTimeGbMonth : 0);
  return (
    (writes / million) * dynamodb.millionWrites + (reads / million) * dynamodb.millionReads + stored * perGb
  );
}

function functions({ memoryMb }: Settings, { clicksPerSecond }: Load, work: Work): number {
  const { userEventsMs, drawMs, ticksMs, coreMemoryMb } = assumptions;
  const onACore =
    work.userInvocations * userEventsMs.fixed +
    clicksPerSecond * userEventsMs.perClick +
    work.drawInvocations * drawMs.fixed +
    work.partials * drawMs.perPartial +
    work.ticks * ticksMs;
  const milliseconds = onACore * Math.max(1, coreMemoryMb / memoryMb);
  const gbSeconds = (milliseconds / 1_000) * (memoryMb / 1_024) * secondsPerMonth;
  const requests = invocations(work) * secondsPerMonth;
  return gbSeconds * prices.lambda.gbSecond + (requests / million) * prices.lambda.millionRequests;
}

function invocations(work: Work): number {
  return work.userInvocations + work.drawInvocations + work.ticks;
}

function queue({ ticks }: Work): number {
  const polls = assumptions.queuePollers / 20;
  // Sent, received, deleted.
  return (((polls + 3 * ticks) * secondsPerMonth) / million) * prices.sqs.millionRequests;
}

function operations(settings: Settings, work: Work, alarmMetrics: number): number {
  const { cloudwatch, kms } = prices;
  const logGb = (invocations(work) * assumptions.logBytes * secondsPerMonth) / gb;
  // CloudWatch bills a metric only for the hours in which it had data.
  const metrics = work.userInvocations > 0 ? assumptions.customMetrics : 0;
  return (
    alarmMetrics * cloudwatch.alarmMetricMonth +
    cloudwatch.dashboardMonth +
    metrics * cloudwatch.customMetricMonth +
    logGb * cloudwatch.logGb +
    (settings.encryption === 'own-key' ? kms.keyMonth : 0)
  );
}
