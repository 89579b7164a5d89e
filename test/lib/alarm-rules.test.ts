import { describe, expect, it } from 'vitest';
import { environments } from '../../lib/environments.ts';
import { type AlarmKind, alarmKinds } from '../../lib/monitoring/alarm-kinds.ts';
import type { Settings } from '../../lib/settings.ts';
import { alarms, ruleOf } from './alarms.ts';
import { synthesize } from './synthesize.ts';

const minutes = (metric: string, threshold: number, breaching: number, evaluated = breaching) =>
  `${metric} >= ${threshold} in ${breaching} of ${evaluated} periods of 60 s`;

const lambda = (statistic: string, name: string) => `${statistic}(AWS/Lambda ${name})`;
const kinesis = (statistic: string, name: string) => `${statistic}(AWS/Kinesis ${name})`;
const own = (name: string) => `Sum(LotteryStreams ${name})`;

const filled = (metric: string, value = 0) => `FILL(${metric}, ${value})`;
const sumOf = (metrics: readonly string[]) => metrics.map((metric) => filled(metric)).join(' + ');
const without = (cause: string, effect: string) => `IF(${filled(cause)} > 0 AND ${filled(effect)} < 1, 1, 0)`;

/** A call of PutRecord, a call of PutRecords and the records of the latter, in per cent. */
const failedPuts =
  `100 * (3 - ${filled(kinesis('Average', 'PutRecord.Success'), 1)}` +
  ` - ${filled(kinesis('Average', 'PutRecords.Success'), 1)}` +
  ` - ${filled(kinesis('Sum', 'PutRecords.SuccessfulRecords'), 1)}` +
  ` / ${filled(kinesis('Sum', 'PutRecords.TotalRecords'), 1)})`;

const unreadable = [
  ...['INVALID_JSON', 'UNKNOWN_TYPE', 'INVALID_FIELD', 'PARTITION_KEY_MISMATCH'],
  ...['INVALID_AGGREGATE', 'COMPRESSED', 'TOO_MANY_IN_RECORD'],
];
const throttles = ['ReadThrottleEvents', 'WriteThrottleEvents'];

const iteratorAge = lambda('Maximum', 'IteratorAge');
const duration = lambda('Maximum', 'Duration');
const unread = without(kinesis('Sum', 'IncomingRecords'), lambda('Sum', 'Invocations'));
const unpolled = without(kinesis('Sum', 'IncomingRecords'), lambda('Sum', 'PolledEventCount'));
const watermarkDelay = 'Maximum(LotteryStreams WatermarkDelay)';
const undrawn = without(own('PartialsPublished'), own('DrawsMade'));
const heldUp = `IF(${filled(own('TicksPutOff'))} > 0, ${filled(watermarkDelay)}, 0)`;
const oldestTick = 'Maximum(AWS/SQS ApproximateAgeOfOldestMessage)';
const deadLetters = 'Maximum(AWS/SQS ApproximateNumberOfMessagesVisible)';

/** By kind, or by name where a kind has several rules. All environments have windows of 10 s: alarm-variants.test.ts. */
const rulesOf = (s: Settings): Readonly<Record<string, string>> => ({
  'input-lag': minutes(iteratorAge, 1_000 * s.alarmLagSeconds, 3),
  'input-unread': minutes(unread, 1, 5, 8),
  'input-unread-ticks': minutes(oldestTick, 900 + 5 * s.ticksVisibilitySeconds, 3, 5),
  'archive-late-lag': minutes(iteratorAge, 1_000 * (s.alarmLagSeconds + s.archiveBatchingSeconds), 3),
  'archive-late-errors': minutes(lambda('Sum', 'Errors'), 1, 3, 5),
  'archive-late': minutes(unpolled, 1, 5, 8),
  'puts-failed': minutes(failedPuts, 1, 3, 5),
  'function-errors': minutes(lambda('Sum', 'Errors'), 1, 3, 5),
  'function-throttles': minutes(lambda('Sum', 'Throttles'), 1, 3, 5),
  'function-timeouts': minutes(duration, 950 * s.timeoutSeconds, 1),
  'function-timeouts-ticks': minutes(duration, 950 * s.ticksTimeoutSeconds, 1),
  'loop-stopped': minutes(lambda('Sum', 'RecursiveInvocationsDropped'), 1, 1),
  'draws-late': `p90(LotteryStreams DrawDelay) >= ${1_000 * s.alarmDrawDelaySeconds} in 1 of 1 periods of 300 s`,
  'draws-missing': minutes(undrawn, 1, 6, 8),
  'draws-held-up': minutes(heldUp, 1_000 * s.alarmDrawDelaySeconds, 3, 5),
  'events-unreadable': minutes(sumOf(unreadable.map((reason) => own(`EventsRejected ${reason}`))), 1, 5, 8),
  'clock-differs': minutes(own('EventsRejected TIMESTAMP_OUT_OF_RANGE'), 1, 5),
  'write-conflicts': minutes(own('WriteConflicts'), 100, 5),
  'write-failures': minutes(own('WriteFailures'), 1, 1),
  'events-replayed': minutes(own('EventsReplayed'), 1, 10),
  'entries-refunded': minutes(own('EntriesRefunded'), 1, 5, 15),
  'records-ignored': minutes(own('RecordsIgnored'), 1, 1),
  'seeds-missing': minutes(own('SeedsMissing'), 1, 1),
  'blocks-missing': minutes(own('BlocksMissing'), 1, 1),
  'beacon-missing': minutes(own('BeaconMissing'), 1, 3, 5),
  'batches-failed': minutes(lambda('Sum', 'OnFailureDestinationDeliveredEventCount'), 1, 1),
  'batches-undelivered': minutes(lambda('Sum', 'DestinationDeliveryFailures'), 1, 1),
  'records-dropped': minutes(lambda('Sum', 'DroppedEventCount'), 1, 1),
  'retention-near': minutes(iteratorAge, (3_600_000 * s.retentionHours) / 2, 1),
  'ticks-dead-lettered': minutes(deadLetters, 1, 1),
  'table-throttles': minutes(sumOf(throttles.map((name) => `Sum(AWS/DynamoDB ${name})`)), 1, 3, 5),
  'stream-throttles': minutes(kinesis('Sum', 'WriteProvisionedThroughputExceeded'), 1, 3, 5),
  'read-throttles': minutes(kinesis('Sum', 'ReadProvisionedThroughputExceeded'), 1, 3, 5),
});

const kinds = Object.keys(alarmKinds) as AlarmKind[];

describe.each(Object.entries(environments))('the alarms of %s', (environment, settings) => {
  const all = [...alarms(synthesize(environment).processing)].map(([fullName, alarm]) => {
    const name = fullName.slice(environment.length + 1);
    const kind = kinds.find((one) => name === one || name.startsWith(`${one}-`));
    if (kind === undefined) throw new Error(`${fullName} is of no kind`);
    return { name, kind, alarm };
  });

  it('go on by these rules', () => {
    const rules = rulesOf(settings);
    const shown = all.map(({ name, alarm }) => [name, ruleOf(alarm)]);
    expect(Object.fromEntries(shown)).toEqual(
      Object.fromEntries(all.map(({ name, kind }) => [name, rules[name] ?? rules[kind]])),
    );
  });

  it('say how urgent they are, what they mean, and where it says what to do', () => {
    for (const { kind, alarm } of all) {
      const { severity, meaning } = alarmKinds[kind];
      expect(alarm.AlarmDescription).toBe(`${severity}: ${meaning} What to do: docs/runbook.md#${kind}`);
    }
  });
});
