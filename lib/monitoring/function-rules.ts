import { Duration } from 'aws-cdk-lib';
import type { Settings } from '../settings.ts';
import type { AlarmKind } from './alarm-kinds.ts';
import type { AlarmRule } from './alarm-rule.ts';
import {
  loopsStopped,
  recordsDropped,
  recordsGivenUp,
  undelivered,
  unpolled,
  unread,
} from './service-metrics.ts';
import type { WatchedFunction, WatchedInput } from './watched.ts';

/** A duration this close to the time-out is one that ran into it, or the next one will. */
const nearTimeout = 0.95;

const period = Duration.minutes(1);

const once = { threshold: 1, breaching: 1, evaluated: 1 };
/** One error is retried and forgotten; errors in three minutes of five are not. */
const repeatedly = { threshold: 1, breaching: 3, evaluated: 5 };
/** More than every other period, which a mapping that reads can reach. */
const unreadFor = { threshold: 1, breaching: 5, evaluated: 8 };

/** Alarms of one function and its mappings. */
export function functionRules(watched: WatchedFunction, settings: Settings): AlarmRule[] {
  const { name: subject, function: target, timeoutSeconds, inputs } = watched;
  const rules: AlarmRule[] = [
    {
      ...{ ...lateOr('function-errors', watched, 'errors'), ...repeatedly },
      metric: target.metricErrors({ period }),
    },
    { kind: 'function-throttles', subject, metric: target.metricThrottles({ period }), ...repeatedly },
    {
      ...{ kind: 'function-timeouts', subject, ...once },
      metric: target.metricDuration({ statistic: 'Maximum', period }),
      threshold: nearTimeout * timeoutSeconds * 1_000,
    },
  ];
  const [first, ...others] = inputs;
  if (first !== undefined) return [...rules, ...streamRules(watched, [first, ...others], settings)];
  // Of the functions the one without a stream is in a loop that Lambda can see: through its own queue.
  return [...rules, { kind: 'loop-stopped', subject, metric: loopsStopped(target), ...once }];
}

/** Those of a function that reads streams: what is measured by function, then each mapping's. */
function streamRules(
  watched: WatchedFunction,
  inputs: readonly [WatchedInput, ...WatchedInput[]],
  settings: Settings,
): AlarmRule[] {
  const { function: target } = watched;
  // A record that is alone waits for the rest of its batch, and is as old then.
  const batchingSeconds = Math.max(...inputs.map((input) => input.batchingSeconds));
  const lag = (settings.alarmLagSeconds + batchingSeconds) * 1_000;
  const retention = settings.retentionHours * 3_600_000;
  const [{ age }] = inputs;
  return [
    {
      ...{ ...lateOr('input-lag', watched, 'lag'), metric: age },
      ...{ threshold: lag, breaching: 3, evaluated: 3 },
    },
    ...(inputs.some(({ countsRecords }) => countsRecords)
      ? [{ ...lossOr('batches-undelivered', watched, 'undelivered'), metric: undelivered(target), ...once }]
      : []),
    { ...lossOr('retention-near', watched, 'retention'), metric: age, ...once, threshold: retention / 2 },
    ...inputs.flatMap((input) => mappingRules(input, watched)),
  ];
}

function mappingRules(input: WatchedInput, watched: WatchedFunction): AlarmRule[] {
  const isOnly = watched.inputs.length === 1;
  const ofLoss = (kind: AlarmKind, what: string) => {
    const { subject = '', ...rest } = lossOr(kind, watched, what);
    return { ...rest, subject: isOnly ? subject : `${subject}-${input.name}` };
  };
  return [
    ...(input.countsRecords
      ? [
          { ...ofLoss('batches-failed', 'failed'), metric: recordsGivenUp(input.mapping), ...once },
          { ...ofLoss('records-dropped', 'dropped'), metric: recordsDropped(input.mapping), ...once },
        ]
      : []),
    {
      ...{ ...lateOr('input-unread', watched, `unread-${input.name}`), ...unreadFor },
      metric: isOnly || !input.countsRecords ? unread(input, watched.function) : unpolled(input),
    },
  ];
}

/** What wakes somebody where players wait, and is among the lateness of a function that they do not wait for. */
function lateOr(
  kind: AlarmKind,
  { name, late }: WatchedFunction,
  what: string,
): Pick<AlarmRule, 'kind' | 'subject'> {
  return late === undefined ? { kind, subject: name } : { kind: late, subject: what };
}

/** The same of what wakes somebody as something is lost. */
function lossOr(
  kind: AlarmKind,
  { name, lost }: WatchedFunction,
  what: string,
): Pick<AlarmRule, 'kind' | 'subject'> {
  return lost === undefined ? { kind, subject: name } : { kind: lost, subject: what };
}
