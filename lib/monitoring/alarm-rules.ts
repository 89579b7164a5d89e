import { Duration } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { RejectionReason } from '../../lambda/core/reasons.ts';
import type { FunctionName } from '../../lambda/environment.ts';
import { metricNames } from '../../lambda/metric-names.ts';
import type { AlarmKind } from './alarm-kinds.ts';
import {
  iteratorAge,
  recordsGivenUp,
  recordsLost,
  streamThrottles,
  tableThrottles,
} from './service-metrics.ts';
import type { Watched, WatchedFunction } from './watched.ts';

/** One alarm: on when `metric` is at or above `threshold` in `of[0]` of the last `of[1]` periods. */
export interface AlarmRule {
  readonly kind: AlarmKind;
  /** What it is about, where a kind has several: a function, a stream, a table. */
  readonly subject?: string;
  readonly metric: IMetric;
  readonly threshold: number;
  /** [periods that must be over the threshold, periods that are looked at]; periods are minutes. */
  readonly of: readonly [number, number];
}

/** A duration this close to the time-out is one that ran into it, or the next one will. */
const nearTimeout = 0.95;

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
  const { name: subject, function: target, timeoutSeconds, streamMapping } = watchedFunction;
  const period = Duration.minutes(1);
  const rules: AlarmRule[] = [
    // One error is retried and forgotten; errors in three minutes of five are not.
    { kind: 'function-errors', subject, metric: target.metricErrors({ period }), threshold: 1, of: [3, 5] },
    {
      kind: 'function-throttles',
      subject,
      metric: target.metricThrottles({ period }),
      threshold: 1,
      of: [3, 5],
    },
    {
      kind: 'function-timeouts',
      subject,
      metric: target.metricDuration({ statistic: 'Maximum', period }),
      threshold: nearTimeout * timeoutSeconds * 1_000,
      of: [1, 1],
    },
  ];
  if (streamMapping === undefined) return rules;
  const lag = settings.alarmLagSeconds * 1_000;
  return [
    ...rules,
    { kind: 'input-lag', subject, metric: iteratorAge(target), threshold: lag, of: [3, 3] },
    { kind: 'batches-failed', subject, metric: recordsGivenUp(streamMapping), threshold: 1, of: [1, 1] },
    { kind: 'records-lost', subject, metric: recordsLost(streamMapping), threshold: 1, of: [1, 1] },
  ];
}

function drawRules({ own, settings, ticks }: Watched): AlarmRule[] {
  const delay = own.drawDelay('p90');
  const missing = new MathExpression({
    expression: 'IF(FILL(partials, 0) > 0 AND FILL(draws, 0) < 1, 1, 0)',
    usingMetrics: {
      partials: own.count('user-events', metricNames.partialsPublished),
      draws: own.count('draw', metricNames.drawsMade),
    },
    label: 'minutes with entries and without a draw',
    period: Duration.minutes(1),
  });
  // A window, its grace and the two minutes after which Lambda ends a quiet one; then five minutes in a row.
  const patience = Math.ceil((settings.windowSeconds + settings.graceSeconds) / 60) + 2 + 5;
  return [
    // Not the maximum: a click that its producer held back makes one draw of an old window, and that is right.
    { kind: 'draws-late', metric: delay, threshold: settings.alarmDrawDelaySeconds * 1_000, of: [3, 5] },
    { kind: 'draws-missing', metric: missing, threshold: 1, of: [patience, patience] },
    {
      kind: 'ticks-dead-lettered',
      metric: ticks.deadLetterQueue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1) }),
      threshold: 1,
      of: [1, 1],
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
        of: [5, 5],
      }),
    ),
    {
      kind: 'clock-differs',
      subject: 'user-events',
      metric: rejected('user-events', 'TIMESTAMP_OUT_OF_RANGE'),
      threshold: 1,
      of: [5, 5],
    },
    {
      kind: 'entries-moved',
      metric: own.count('draw', metricNames.entriesMoved),
      threshold: 100,
      of: [5, 5],
    },
    {
      kind: 'entries-refunded',
      metric: own.count('draw', metricNames.entriesRefunded),
      threshold: 1,
      of: [5, 15],
    },
  ];
}

function stateRules({ own }: Watched): AlarmRule[] {
  const rule = (
    kind: AlarmKind,
    subject: FunctionName,
    metricName: Parameters<typeof own.count>[1],
    threshold: number,
    of: AlarmRule['of'],
  ): AlarmRule => ({ kind, subject, metric: own.count(subject, metricName), threshold, of });
  return [
    ...writers.flatMap((name) => [
      // Conflicts come with reshards and retries, in bursts; a steady number has a cause.
      rule('write-conflicts', name, metricNames.writeConflicts, 100, [5, 5]),
      rule('write-failures', name, metricNames.writeFailures, 1, [1, 1]),
      rule('events-replayed', name, metricNames.eventsReplayed, 1, [10, 10]),
    ]),
    rule('records-ignored', 'draw', metricNames.recordsIgnored, 1, [1, 1]),
    rule('records-ignored', 'ticks', metricNames.recordsIgnored, 1, [1, 1]),
  ];
}

function storageRules({ streams, tables }: Watched): AlarmRule[] {
  return [
    ...Object.entries(tables.byName).map(([subject, table]): AlarmRule => {
      return { kind: 'table-throttles', subject, metric: tableThrottles(table), threshold: 1, of: [3, 5] };
    }),
    ...Object.entries(streams.byName).map(([subject, stream]): AlarmRule => {
      return { kind: 'stream-throttles', subject, metric: streamThrottles(stream), threshold: 1, of: [3, 5] };
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
