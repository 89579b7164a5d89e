/** What must hold between settings that are each within their own limits. */

import { longestRoundWaitMs, requestTimeoutMs, ticksWaitingMs } from '../lambda/contract/waiting.ts';
import type { Constraint } from './constraint.ts';
import { kafkaConstraints } from './kafka-constraints.ts';
import type { Settings } from './settings.ts';

/** AWS: the visibility time-out should be at least six times the time-out of the function that consumes. */
const visibilityFactor = 6;

const secondsPerHour = 3_600;
const hoursPerDay = 24;

/** As long as a tick may wait in its queue, or among the dead letters (SQS keeps nothing for longer). */
export const ticksRetentionDays = 14;

const requestTimeoutSeconds = requestTimeoutMs / 1_000;
const ticksWaitingSeconds = ticksWaitingMs / 1_000;

/** Up to a second until the next heartbeat, and a second for each of the two mappings that poll. */
const pollingSeconds = 3;

/** Seconds from the end of a window to its winner when nothing is slow. */
export function usualDrawDelay(s: Settings): number {
  const seconds = s.graceSeconds + s.userEventsBatchingSeconds + s.drawBatchingSeconds + waitingSeconds(s);
  return (1_000 * seconds + s.marginMilliseconds) / 1_000;
}

/** Of that, what no setting but `randomness` changes. */
function waitingSeconds({ randomness }: Settings): number {
  return pollingSeconds + (randomness === 'drand' ? longestRoundWaitMs / 1_000 : 0);
}

/** How long entries may lie before they are drawn, where nothing but time is lost: on their stream, and then for a tick. */
function undrawnDays({ retentionHours }: Settings): number {
  return retentionHours / hoursPerDay + ticksRetentionDays;
}

const constraints: readonly Constraint[] = [
  {
    holds: (s) => s.ticksVisibilitySeconds >= visibilityFactor * s.ticksTimeoutSeconds,
    message: (s) =>
      `ticksVisibilitySeconds must be at least ${visibilityFactor} x ticksTimeoutSeconds ` +
      `(${visibilityFactor * s.ticksTimeoutSeconds}), not ${s.ticksVisibilitySeconds}: ` +
      'a tick would be handled again while it is being handled',
  },
  {
    holds: (s) => s.drawBatchingSeconds < s.windowSeconds,
    message: (s) =>
      `drawBatchingSeconds must be less than windowSeconds (${s.windowSeconds}), ` +
      `not ${s.drawBatchingSeconds}: winners would be a window late`,
  },
  {
    holds: (s) => s.clockToleranceSeconds === 'off' || s.clockToleranceSeconds >= s.graceSeconds,
    message: (s) =>
      `clockToleranceSeconds must be at least graceSeconds (${s.graceSeconds}) or 'off', ` +
      `not ${s.clockToleranceSeconds}: clicks that a draw waits for would be rejected`,
  },
  {
    holds: (s) => s.alarmDrawDelaySeconds > usualDrawDelay(s),
    message: (s) =>
      'alarmDrawDelaySeconds must be more than graceSeconds + marginMilliseconds + userEventsBatchingSeconds + ' +
      `drawBatchingSeconds + ${waitingSeconds(s)} s (${usualDrawDelay(s)}), not ${s.alarmDrawDelaySeconds}: ` +
      'winners in time would be late',
  },
  {
    holds: (s) => s.alarmLagSeconds < (secondsPerHour * s.retentionHours) / 2,
    message: (s) =>
      `alarmLagSeconds must be less than half of retentionHours (${s.retentionHours} hours), ` +
      `not ${s.alarmLagSeconds}: the first to be told would be told that records are about to be lost`,
  },
  {
    holds: (s) => s.timeoutSeconds >= requestTimeoutSeconds,
    message: (s) =>
      `timeoutSeconds must be at least the ${requestTimeoutSeconds} seconds that one call to AWS may take, ` +
      `not ${s.timeoutSeconds}: a slow call would end its function and not be tried again`,
  },
  {
    holds: (s) => s.ticksTimeoutSeconds >= requestTimeoutSeconds + ticksWaitingSeconds,
    message: (s) =>
      `ticksTimeoutSeconds must be at least the ${requestTimeoutSeconds} seconds that one call to AWS may take and the ` +
      `${ticksWaitingSeconds} that its function waits for shards (${requestTimeoutSeconds + ticksWaitingSeconds}), ` +
      `not ${s.ticksTimeoutSeconds}: a slow call would end its function and not be tried again`,
  },
  {
    holds: (s) => !s.deletionProtection || s.removalPolicy === 'retain',
    message: () =>
      "removalPolicy must be 'retain' with deletionProtection, not 'destroy': deleting the stack would fail half-way",
  },
  {
    holds: (s) => s.drawsRetentionDays === 'forever' || s.drawsRetentionDays > undrawnDays(s),
    message: (s) =>
      `drawsRetentionDays must be more than retentionHours and the ${ticksRetentionDays} days that ticks are kept ` +
      `(${undrawnDays(s)} days), not ${s.drawsRetentionDays}: entries would be gone before they are drawn`,
  },
  {
    holds: (s) => s.drawsObjectLock === 'off' || s.drawsRetentionDays !== 'forever',
    message: (s) =>
      `drawsRetentionDays must be a number of days with drawsObjectLock (${s.drawsObjectLock}), not 'forever': ` +
      'a lock has an end',
  },
  {
    holds: (s) => s.alarmTopicArn === 'none' || s.alarmEmail === 'none',
    message: () =>
      "alarmEmail must be 'none' with alarmTopicArn: who a topic tells that exists already is not ours to say",
  },
  ...kafkaConstraints,
];

/** The first constraint that does not hold, in words that follow `<environment>:`; undefined when all hold. */
export function violatedConstraint(settings: Settings): string | undefined {
  return constraints.find(({ holds }) => !holds(settings))?.message(settings);
}
