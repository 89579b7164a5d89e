import { Duration } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { metricNames } from '../../lambda/contract/metrics.ts';
import type { FunctionName } from '../../lambda/contract/variables.ts';
import type { RejectionReason } from '../../lambda/core/reasons.ts';
import type { AlarmKind } from './alarm-kinds.ts';
import type { AlarmRule } from './alarm-rule.ts';
import { drawRules } from './draw-rules.ts';
import {
  failedPuts,
  iteratorAge,
  loopsStopped,
  readThrottles,
  recordsDropped,
  recordsGivenUp,
  streamThrottles,
  tableThrottles,
  undelivered,
  unread,
} from './service-metrics.ts';
import type { Watched, WatchedFunction } from './watched.ts';

/** A duration this close to the time-out is one that ran into it, or the next one will. */
const nearTimeout = 0.95;

/** Kinesis says that occasional failures are to be expected and tried again; this much, in per cent, is not that. */
const failedPutsPercent = 1;

/** Events of users that are no events at all, or none that this lottery knows. */
const unreadable: readonly RejectionReason[] = [
  'INVALID_JSON',
  'UNKNOWN_TYPE',
  'INVALID_FIELD',
  'PARTITION_KEY_MISMATCH',
];

/** Functions that write state with conditions. */
const writers: readonly FunctionName[] = ['lottery-events', 'user-events'];

/** Every alarm of an environment. */
export function alarmRules(watched: Watched): AlarmRule[] {
  return [
    ...watched.functions.flatMap((one) => functionRules(one, watched)),
    ...drawRules(watched),
    ...eventRules(watched),
    ...stateRules(watched),
    ...storageRules(watched),
  ];
}

function functionRules(watchedFunction: WatchedFunction, { settings }: Watched): AlarmRule[] {
  const { name: subject, function: target, timeoutSeconds, input } = watchedFunction;
  const period = Duration.minutes(1);
  const rules: AlarmRule[] = [
    // One error is retried and forgotten; errors in three minutes of five are not.
    {
      kind: 'function-errors',
      subject,
      metric: target.metricErrors({ period }),
      threshold: 1,
      breaching: 3,
      evaluated: 5,
    },
    {
      kind: 'function-throttles',
      subject,
      metric: target.metricThrottles({ period }),
      threshold: 1,
      breaching: 3,
      evaluated: 5,
    },
    {
      kind: 'function-timeouts',
      subject,
      metric: target.metricDuration({ statistic: 'Maximum', period }),
      threshold: nearTimeout * timeoutSeconds * 1_000,
      breaching: 1,
      evaluated: 1,
    },
  ];
  // Of the functions the one without a stream is in a loop that Lambda can see: through its own queue.
  if (input === undefined) {
    return [
      ...rules,
      {
        kind: 'loop-stopped',
        subject,
        metric: loopsStopped(target),
        threshold: 1,
        breaching: 1,
        evaluated: 1,
      },
    ];
  }
  const lag = settings.alarmLagSeconds * 1_000;
  const retention = settings.retentionHours * 3_600_000;
  return [
    ...rules,
    { kind: 'input-lag', subject, metric: iteratorAge(target), threshold: lag, breaching: 3, evaluated: 3 },
    {
      kind: 'batches-failed',
      subject,
      metric: recordsGivenUp(input.mapping),
      threshold: 1,
      breaching: 1,
      evaluated: 1,
    },
    {
      kind: 'batches-undelivered',
      subject,
      metric: undelivered(target),
      threshold: 1,
      breaching: 1,
      evaluated: 1,
    },
    {
      kind: 'records-dropped',
      subject,
      metric: recordsDropped(input.mapping),
      threshold: 1,
      breaching: 1,
      evaluated: 1,
    },
    {
      kind: 'retention-near',
      subject,
      metric: iteratorAge(target),
      threshold: retention / 2,
      breaching: 1,
      evaluated: 1,
    },
    // More than every other period, which a mapping that reads can reach.
    {
      kind: 'input-unread',
      subject,
      metric: unread(input, target),
      threshold: 1,
      breaching: 5,
      evaluated: 8,
    },
  ];
}

function eventRules({ own }: Watched): AlarmRule[] {
  const rejected = (name: FunctionName, reason: RejectionReason) => own.rejections(name, reason);
  return [
    ...writers.map(
      (subject): AlarmRule => ({
        kind: 'events-unreadable',
        subject,
        metric: sum(unreadable.map((reason) => rejected(subject, reason))),
        threshold: 1,
        breaching: 5,
        evaluated: 8,
      }),
    ),
    {
      kind: 'clock-differs',
      subject: 'user-events',
      metric: rejected('user-events', 'TIMESTAMP_OUT_OF_RANGE'),
      threshold: 1,
      breaching: 5,
      evaluated: 5,
    },
    {
      kind: 'entries-moved',
      metric: own.count('draw', metricNames.entriesMoved),
      threshold: 100,
      breaching: 5,
      evaluated: 5,
    },
    {
      kind: 'entries-refunded',
      metric: own.count('draw', metricNames.entriesRefunded),
      threshold: 1,
      breaching: 5,
      evaluated: 15,
    },
  ];
}

function stateRules({ own }: Watched): AlarmRule[] {
  const rule = (
    kind: AlarmKind,
    subject: FunctionName,
    metricName: Parameters<typeof own.count>[1],
    threshold: number,
    periods: number,
  ): AlarmRule => ({
    ...{ kind, subject, metric: own.count(subject, metricName), threshold },
    ...{ breaching: periods, evaluated: periods },
  });
  return [
    ...writers.flatMap((name) => [
      // Conflicts come with reshards and retries, in bursts; a steady number has a cause.
      rule('write-conflicts', name, metricNames.writeConflicts, 100, 5),
      rule('write-failures', name, metricNames.writeFailures, 1, 1),
      rule('events-replayed', name, metricNames.eventsReplayed, 1, 10),
    ]),
    rule('records-ignored', 'draw', metricNames.recordsIgnored, 1, 1),
    rule('records-ignored', 'ticks', metricNames.recordsIgnored, 1, 1),
    rule('seeds-missing', 'user-events', metricNames.seedsMissing, 1, 1),
    rule('seeds-missing', 'draw', metricNames.seedsMissing, 1, 1),
  ];
}

function storageRules({ streams, tables }: Watched): AlarmRule[] {
  return [
    ...Object.entries(tables.byName).map(([subject, table]): AlarmRule => {
      return {
        kind: 'table-throttles',
        subject,
        metric: tableThrottles(table),
        threshold: 1,
        breaching: 3,
        evaluated: 5,
      };
    }),
    ...Object.entries(streams.byName).flatMap(([subject, stream]): AlarmRule[] => [
      {
        kind: 'stream-throttles',
        subject,
        metric: streamThrottles(stream),
        threshold: 1,
        breaching: 3,
        evaluated: 5,
      },
      {
        kind: 'read-throttles',
        subject,
        metric: readThrottles(stream),
        threshold: 1,
        breaching: 3,
        evaluated: 5,
      },
    ]),
    // Of what others put. When puts of the functions fail, the function fails.
    ...Object.entries(streams.inputs).map(([subject, stream]): AlarmRule => {
      return {
        ...{ kind: 'puts-failed', subject, metric: failedPuts(stream) },
        ...{ threshold: failedPutsPercent, breaching: 3, evaluated: 5 },
      };
    }),
  ];
}

/** The sum of metrics, of which some may have no data. */
function sum(metrics: readonly IMetric[]): MathExpression {
  const named = metrics.map((metric, index) => [`m${index}`, metric] as const);
  return new MathExpression({
    expression: named.map(([name]) => `FILL(${name}, 0)`).join(' + '),
    usingMetrics: Object.fromEntries(named),
    label: 'events',
    period: Duration.minutes(1),
  });
}
