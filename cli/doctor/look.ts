import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import type { Environment } from '../../client/environment/open.ts';
import { outputOf } from '../../client/environment/output.ts';
import { readLotteries } from '../../client/lotteries.ts';
import { FailedBatches } from '../../client/redrive/failed-batches.ts';
import { readLottery, readPipeline } from '../../client/status/status.ts';
import { isUnreachable } from '../../client/unreachable.ts';
import type { Clock } from '../../local/clock.ts';
import packageFile from '../../package.json' with { type: 'json' };
import {
  batchFindings,
  clockFindings,
  drawFindings,
  type Finding,
  inOrder,
  pausedFindings,
  said,
  shardFindings,
  versionFindings,
  type WaitingDraw,
  wrong,
} from './findings.ts';
import { skewOf } from './skew.ts';
import { topicFindings } from './topics.ts';

/** Between two looks at the watermarks, ms: each shard has had a batch by then, if it moves at all. */
const LOOK_MS = 5_000;
/** Lotteries whose draws are looked at. */
const MOST_LOTTERIES = 1_000;

export interface LookOptions {
  environment: Environment;
  clock: Clock;
  signal: AbortSignal;
}

/**
 * What is wrong, the heaviest first, and what could not be looked at: where a topic is missing, all that is read from it.
 * @throws where nobody answers
 */
export async function look(options: LookOptions): Promise<Finding[]> {
  const topics = await topicFindings(options.environment);
  try {
    return inOrder([...topics, ...(await otherFindings(options))]);
  } catch (error) {
    if (isUnreachable(error) || !topics.some(({ isWrong }) => isWrong)) throw error;
    return inOrder(topics);
  }
}

async function otherFindings(options: LookOptions): Promise<Finding[]> {
  const { environment, clock, signal } = options;
  const skew = await skewOf(environment, clock);
  const before = await readPipeline(options);
  await clock.sleep(LOOK_MS, signal);
  const pipeline = await readPipeline(options);
  const [draws, batches, alarms] = await Promise.all([
    waitingDraws(options, pipeline),
    failedBatches(environment),
    alarmFindings(environment),
  ]);
  return [
    ...batches,
    ...shardFindings(pipeline, before),
    ...pausedFindings(pipeline),
    ...drawFindings(draws, pipeline, clock.now()),
    ...alarms,
    ...clockFindings(skew),
    ...versionFindings(environment.outputs.AppVersion, packageFile.version),
  ];
}

async function failedBatches({ name, outputs, clients }: Environment): Promise<Finding[]> {
  const bucket = outputOf({ name, outputs }, 'ArtifactsBucketName');
  return batchFindings((await new FailedBatches(clients.s3, bucket).keys()).length, bucket);
}

async function waitingDraws(
  options: LookOptions,
  pipeline: Awaited<ReturnType<typeof readPipeline>>,
): Promise<WaitingDraw[]> {
  const { environment, signal } = options;
  const { runs } = await readLotteries(environment, { most: MOST_LOTTERIES, signal });
  const waiting: WaitingDraw[] = [];
  // One after the other: each reads the stream of entries.
  for (const run of runs.filter(({ status }) => status !== 'ended')) {
    if (signal.aborted) break;
    const { openDraws } = await readLottery(options, run, pipeline);
    waiting.push(...openDraws);
  }
  return waiting;
}

async function alarmFindings({ name, isLocal, clients }: Environment): Promise<Finding[]> {
  if (isLocal) return [said('alarms', 'there are none on this machine: CloudWatch is not played')];
  const { MetricAlarms = [] } = await clients.cloudWatch.send(
    new DescribeAlarmsCommand({ AlarmNamePrefix: `${name}-`, StateValue: 'ALARM' }),
  );
  return MetricAlarms.map(({ AlarmName, StateReason = '' }) =>
    wrong('alarms', `${AlarmName}: ${StateReason} (docs/runbook.md)`),
  );
}
