import { Duration } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { metricNames } from '../../lambda/contract/metrics.ts';
import type { FunctionName } from '../../lambda/contract/variables.ts';
import type { RejectionReason } from '../../lambda/core/reasons.ts';
import type { AlarmKind } from './alarm-kinds.ts';
import type { AlarmRule } from './alarm-rule.ts';
import type { Watched } from './watched.ts';

/** What is no event at all, or none that this lottery knows, and records that hold more than they may. */
const unreadable: readonly RejectionReason[] = [
  'INVALID_JSON',
  'UNKNOWN_TYPE',
  'INVALID_FIELD',
  'PARTITION_KEY_MISMATCH',
  'INVALID_AGGREGATE',
  'COMPRESSED',
  'TOO_MANY_IN_RECORD',
];

/** Functions that write state with conditions. */
const writers: readonly FunctionName[] = ['lottery-events', 'user-events'];

/** Alarms of what becomes of events. */
export function eventRules({ own }: Watched): AlarmRule[] {
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
      kind: 'entries-refunded',
      metric: own.count('draw', metricNames.entriesRefunded),
      threshold: 1,
      breaching: 5,
      evaluated: 15,
    },
  ];
}

/** Alarms of state: its writes, and what was found missing or unreadable. */
export function stateRules({ own }: Watched): AlarmRule[] {
  const rule = (
    kind: AlarmKind,
    subject: FunctionName,
    metricName: Parameters<typeof own.count>[1],
    { threshold, periods, evaluated = periods }: { threshold: number; periods: number; evaluated?: number },
  ): AlarmRule => ({
    ...{ kind, subject, metric: own.count(subject, metricName), threshold },
    ...{ breaching: periods, evaluated },
  });
  return [
    ...writers.flatMap((name) => [
      // Conflicts come with reshards and retries, in bursts; a steady number has a cause.
      rule('write-conflicts', name, metricNames.writeConflicts, { threshold: 100, periods: 5 }),
      rule('write-failures', name, metricNames.writeFailures, { threshold: 1, periods: 1 }),
      rule('events-replayed', name, metricNames.eventsReplayed, { threshold: 1, periods: 10 }),
    ]),
    rule('records-ignored', 'draw', metricNames.recordsIgnored, { threshold: 1, periods: 1 }),
    rule('records-ignored', 'ticks', metricNames.recordsIgnored, { threshold: 1, periods: 1 }),
    rule('seeds-missing', 'draw', metricNames.seedsMissing, { threshold: 1, periods: 1 }),
    rule('blocks-missing', 'draw', metricNames.blocksMissing, { threshold: 1, periods: 1 }),
    // A round that is seconds late is nobody's business. Looks are up to a minute apart: not every minute has one.
    rule('beacon-missing', 'draw', metricNames.beaconMissing, { threshold: 1, periods: 3, evaluated: 5 }),
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
