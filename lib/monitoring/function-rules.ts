import { Duration } from 'aws-cdk-lib';
import type { AlarmRule } from './alarm-rule.ts';
import {
  iteratorAge,
  loopsStopped,
  recordsDropped,
  recordsGivenUp,
  undelivered,
  unread,
} from './service-metrics.ts';
import type { Watched, WatchedFunction } from './watched.ts';

/** A duration this close to the time-out is one that ran into it, or the next one will. */
const nearTimeout = 0.95;

/** Alarms of one function and its mapping. */
export function functionRules(watchedFunction: WatchedFunction, { settings }: Watched): AlarmRule[] {
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
