import { Duration } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { metricNames } from '../../lambda/contract/metrics.ts';
import type { Settings } from '../settings.ts';
import type { AlarmRule } from './alarm-rule.ts';
import type { Watched } from './watched.ts';

/** Our patience after a draw should have come, s. */
const patienceSeconds = 300;

/** SQS delays a message by at most so long, s. */
const longestDelay = 900;
/** Attempts that a tick has before it is set aside. */
const attempts = 5;

/** Alarms about draws and the ticks that make them due. */
export function drawRules(watched: Watched): AlarmRule[] {
  const { own, settings, ticks } = watched;
  const period = Duration.minutes(1);
  // Whether the age counts a message's delay is not documented; longer than the longest it is not due to it.
  const age = longestDelay + attempts * settings.ticksVisibilitySeconds;
  return [
    // Not the maximum: a batch that comes again makes one draw late, and that is right.
    {
      kind: 'draws-late',
      metric: own.drawDelay('p90', delayPeriod(settings)),
      threshold: settings.alarmDrawDelaySeconds * 1_000,
      breaching: 1,
      evaluated: 1,
    },
    drawsMissing(watched),
    drawsHeldUp(watched),
    {
      kind: 'ticks-dead-lettered',
      metric: ticks.deadLetterQueue.metricApproximateNumberOfMessagesVisible({ period }),
      threshold: 1,
      breaching: 1,
      evaluated: 1,
    },
    {
      kind: 'input-unread',
      subject: 'ticks',
      metric: ticks.queue.metricApproximateAgeOfOldestMessage({ period }),
      threshold: age,
      breaching: 3,
      evaluated: 5,
    },
  ];
}

/** Two windows at least, so that every open lottery has a draw in it; and not so short that one draw is a tenth. */
function delayPeriod({ windowSeconds }: Settings): Duration {
  return Duration.minutes(Math.max(5, Math.ceil((2 * windowSeconds) / 60)));
}

function drawsMissing({ own, settings }: Watched): AlarmRule {
  const { windowSeconds, graceSeconds } = settings;
  // Longer than a window: a lottery that is clicked on all the time has a draw in each period.
  const minutes = 1 + Math.floor(windowSeconds / 60);
  const period = Duration.minutes(minutes);
  const seconds = windowSeconds + graceSeconds + patienceSeconds;
  // A click now and then has its draw in the next period: every other period is without a draw, and that is right.
  const missing = Math.max(4, Math.ceil(seconds / 60 / minutes));
  return {
    kind: 'draws-missing',
    metric: new MathExpression({
      expression: 'IF(FILL(partials, 0) > 0 AND FILL(draws, 0) < 1, 1, 0)',
      usingMetrics: {
        partials: own.count('user-events', metricNames.partialsPublished).with({ period }),
        draws: own.count('draw', metricNames.drawsMade).with({ period }),
      },
      label: 'periods with entries and without a draw',
      period,
    }),
    threshold: 1,
    breaching: missing,
    evaluated: missing + 2,
  };
}

/**
 * A shard that had nothing to read is behind until its heartbeat has come by: only in minutes in which a tick waited for
 * that in vain, and was put off, does it hold something up. A tick that is put off comes again within a minute.
 */
function drawsHeldUp({ own, settings }: Watched): AlarmRule {
  const period = Duration.minutes(1);
  return {
    kind: 'draws-held-up',
    metric: new MathExpression({
      expression: 'IF(FILL(putOff, 0) > 0, FILL(delay, 0), 0)',
      usingMetrics: {
        putOff: own.count('ticks', metricNames.ticksPutOff),
        delay: own.watermarkDelay(),
      },
      label: 'ms that a shard holds draws up',
      period,
    }),
    threshold: settings.alarmDrawDelaySeconds * 1_000,
    breaching: 3,
    evaluated: 5,
  };
}
