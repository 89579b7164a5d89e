import { Duration } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { metricNames } from '../../lambda/contract/metrics.ts';
import type { Settings } from '../settings.ts';
import type { AlarmRule } from './alarm-rule.ts';
import type { Watched } from './watched.ts';

/** What is left over after the end of a window until Lambda ends a quiet one, s, and our patience after that. */
const quietSeconds = 120;
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
    // Not the maximum: a click that its producer held back makes one draw of an old window, and that is right.
    {
      kind: 'draws-late',
      metric: own.drawDelay('p90', delayPeriod(settings)),
      threshold: settings.alarmDrawDelaySeconds * 1_000,
      breaching: 1,
      evaluated: 1,
    },
    drawsMissing(watched),
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
  const seconds = windowSeconds + graceSeconds + quietSeconds + patienceSeconds;
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
