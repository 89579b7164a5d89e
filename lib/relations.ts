/** What must hold between settings that are each within their own limits. */

import type { Settings } from './settings.ts';

interface Relation {
  readonly holds: (settings: Settings) => boolean;
  /** Starts with the name of the setting to change. */
  readonly message: (settings: Settings) => string;
}

/** AWS: the visibility time-out should be at least six times the time-out of the function that consumes. */
const visibilityFactor = 6;

const secondsPerHour = 3_600;

const relations: readonly Relation[] = [
  {
    holds: (s) => s.ticksVisibilitySeconds >= visibilityFactor * s.ticksTimeoutSeconds,
    message: (s) =>
      `ticksVisibilitySeconds must be at least ${visibilityFactor} x ticksTimeoutSeconds ` +
      `(${visibilityFactor * s.ticksTimeoutSeconds}), not ${s.ticksVisibilitySeconds}: ` +
      'a tick would be handled again while it is being handled',
  },
  {
    holds: (s) => s.userEventsBatchingSeconds <= s.graceSeconds,
    message: (s) =>
      `userEventsBatchingSeconds must be at most graceSeconds (${s.graceSeconds}), ` +
      `not ${s.userEventsBatchingSeconds}: the last clicks of a window would miss its draw`,
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
    holds: (s) => s.alarmDrawDelaySeconds > s.graceSeconds,
    message: (s) =>
      `alarmDrawDelaySeconds must be more than graceSeconds (${s.graceSeconds}), ` +
      `not ${s.alarmDrawDelaySeconds}: no winner could be in time`,
  },
  {
    holds: (s) => s.alarmLagSeconds < secondsPerHour * s.retentionHours,
    message: (s) =>
      `alarmLagSeconds must be less than retentionHours (${s.retentionHours} hours), ` +
      `not ${s.alarmLagSeconds}: records would be lost before anyone is told`,
  },
  {
    holds: (s) => !s.deletionProtection || s.removalPolicy === 'retain',
    message: () =>
      "removalPolicy must be 'retain' with deletionProtection, not 'destroy': deleting the stack would fail half-way",
  },
  {
    holds: (s) => s.alarmTopicArn === 'none' || s.alarmEmail === 'none',
    message: () =>
      "alarmEmail must be 'none' with alarmTopicArn: who a topic tells that exists already is not ours to say",
  },
];

/** The first relation that does not hold, in words that follow `<environment>:`; undefined when all hold. */
export function violatedRelation(settings: Settings): string | undefined {
  return relations.find(({ holds }) => !holds(settings))?.message(settings);
}
