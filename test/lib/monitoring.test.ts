import { describe, expect, it } from 'vitest';
import { metricNames, metricNamespace } from '../../lambda/contract/metrics.ts';
import { environments } from '../../lib/environments.ts';
import { alarms, type WatchedMetric, watchedMetrics } from './alarms.ts';
import { referenceOf } from './references.ts';
import { resource, resources, synthesize } from './synthesize.ts';

const functions = ['lottery-events', 'user-events', 'draw', 'ticks', 'archive'];
const streamFunctions = ['lottery-events', 'user-events', 'draw'];
const archived = ['user-events-output', 'lottery-events-output'];
const writers = ['lottery-events', 'user-events'];
/** A metric that is 0 for ever, or an alarm. */
const alarmAlone: string = metricNames.recordsIgnored;
/** On the page's own dashboard: page-monitoring.test.ts. */
const ofPage: string = metricNames.publicationsRefused;

/** Of topics alone: kafka.test.ts. */
const ofTopics: string = metricNames.inputAge;

const tables = ['draws', 'grants', 'lotteries', 'refunds', 'seeds', 'users', 'watermarks'];
const streams = [
  'entries',
  'lottery-events-input',
  'lottery-events-output',
  'user-events-input',
  'user-events-output',
];

const each = (kind: string, subjects: string[]) => subjects.map((subject) => `${kind}-${subject}`);

/** One alarm for every way in which the lottery can fail. */
const expectedAlarms = [
  ...each('input-lag', streamFunctions),
  ...each('batches-failed', [...streamFunctions, ...each('archive', archived)]),
  ...each('retention-near', [...streamFunctions, 'archive']),
  ...each('batches-undelivered', [...streamFunctions, 'archive']),
  ...each('records-dropped', [...streamFunctions, ...each('archive', archived)]),
  ...each('input-unread', [...streamFunctions, 'ticks']),
  ...each('function-errors', [...streamFunctions, 'ticks']),
  // Nobody who plays waits for the archive.
  ...each('archive-late', ['lag', 'errors', ...each('unread', archived)]),
  ...each('function-throttles', functions),
  ...each('function-timeouts', functions),
  ...each('events-unreadable', writers),
  ...each('write-conflicts', writers),
  ...each('write-failures', writers),
  ...each('events-replayed', writers),
  ...each('records-ignored', ['draw', 'ticks']),
  ...each('seeds-missing', ['draw']),
  ...each('blocks-missing', ['draw']),
  ...each('beacon-missing', ['draw']),
  ...each('table-throttles', tables),
  ...each('stream-throttles', streams),
  ...each('read-throttles', streams),
  ...each('puts-failed', ['lottery-events-input', 'user-events-input']),
  'clock-differs-user-events',
  'draws-late',
  'draws-missing',
  'draws-held-up',
  'entries-refunded',
  'loop-stopped-ticks',
  'ticks-dead-lettered',
];

/** The dimensions with which each service emits its metrics, and the type that their values refer to. */
const serviceDimensions: Record<string, Record<string, string>> = {
  'AWS/Kinesis': { StreamName: 'AWS::Kinesis::Stream' },
  'AWS/DynamoDB': { TableName: 'AWS::DynamoDB::Table' },
  'AWS/SQS': { QueueName: 'AWS::SQS::Queue' },
  'AWS/Lambda': { FunctionName: 'AWS::Lambda::Function' },
};

/** Metrics of a mapping have the mapping's dimension, not the function's. */
const mappingDimensions = { EventSourceMappingUUID: 'AWS::Lambda::EventSourceMapping' };
const mappingMetrics = ['DroppedEventCount', 'OnFailureDestinationDeliveredEventCount', 'PolledEventCount'];

/** The streams that functions read, in the letters of their constructs; the alarm has the function's name. */
const inputs: Record<string, string> = {
  'lottery-events': 'lotteryeventsinput',
  'user-events': 'usereventsinput',
  draw: 'entries',
  ticks: 'ticksqueue',
};

function expectedDimensions({ namespace, metricName }: WatchedMetric): Record<string, string> | undefined {
  return mappingMetrics.includes(metricName) ? mappingDimensions : serviceDimensions[namespace];
}

/** Alarms of the archive say what is wrong with it, or with which of its mappings; these are their constructs. */
const ofArchive: readonly (readonly [alarm: RegExp, construct: string])[] = [
  [/-archive-late-(?:lag|errors)$/, 'archivehandler'],
  [/-archive-(?:late-unread-)?user-events-output$/, 'archiveuseroutputs'],
  [/-archive-(?:late-unread-)?lottery-events-output$/, 'archivelotteryoutputs'],
];

/** What the function of an alarm about its input reads, if it is one. */
function readBy(alarm: string, subject: string): string | undefined {
  return alarm.includes('-input-unread-') ? inputs[subject] : undefined;
}

/** The dimensions with which Powertools emits a metric (lambda/adapters/powertools-telemetry.ts). */
function ownDimensions(metricName: string): string[] {
  return metricName === metricNames.eventsRejected ? ['reason', 'service'] : ['service'];
}

describe.each(Object.entries(environments))('monitoring of %s', (environment, settings) => {
  const templates = synthesize(environment);
  const { processing } = templates;
  const byName = alarms(processing);
  const watched = watchedMetrics(processing);

  it('has one alarm for every way in which it can fail', () => {
    const names = expectedAlarms.map((name) => `${environment}-${name}`);
    expect([...byName.keys()].sort()).toEqual(names.sort());
  });

  it('watches metrics of services with exactly the dimensions of a resource that exists', () => {
    const ofServices = watched.filter(({ namespace }) => namespace !== metricNamespace);
    expect(ofServices.length).toBeGreaterThan(30);
    for (const metric of ofServices) {
      const types = Object.entries(metric.dimensions).map(([name, value]) => [
        name,
        referenceOf(value, templates).resource.Type,
      ]);
      expect({ ...metric, types: Object.fromEntries(types) }).toEqual({
        ...metric,
        types: expectedDimensions(metric),
      });
    }
  });

  it('watches a resource of the name that the alarm says', () => {
    for (const { alarm, namespace, dimensions } of watched) {
      if (namespace === metricNamespace) continue;
      const subject = alarm.replace(
        /^.*?-(?:lag|unread|near|failed|undelivered|dropped|stopped|errors|throttles|timeouts|lettered)-?/,
        '',
      );
      const letters = (text: string) => text.replace(/[^a-z]/gi, '').toLowerCase();
      const [, ofIt] = ofArchive.find(([pattern]) => pattern.test(alarm)) ?? [];
      // The constructs of the tick function and the dead letters have names of their own.
      const shown = { ticks: 'tickconsumer', '': 'deadletterqueue' }[subject] ?? letters(subject);
      const read = /-archive-late-unread-(.*)/.exec(alarm)?.[1] ?? readBy(alarm, subject);
      const expected = namespace !== 'AWS/Lambda' && read ? letters(read) : (ofIt ?? shown);
      expect(letters(JSON.stringify(Object.values(dimensions)))).toContain(expected);
    }
  });

  it('watches metrics of its own that a function emits, with the dimensions of Powertools', () => {
    const services = Object.values(resources(processing, 'AWS::Lambda::Function')).map(
      ({ Properties }) => (Properties.Environment as { Variables: Record<string, string> }).Variables,
    );
    const own = watched.filter(({ namespace }) => namespace === metricNamespace);
    expect(own.length).toBeGreaterThan(15);
    for (const { alarm, metricName, dimensions } of own) {
      expect([alarm, ...Object.keys(dimensions).sort()]).toEqual([alarm, ...ownDimensions(metricName)]);
      expect(Object.values(metricNames)).toContain(metricName);
      expect(services).toContainEqual(
        expect.objectContaining({
          POWERTOOLS_SERVICE_NAME: dimensions.service,
          POWERTOOLS_METRICS_NAMESPACE: metricNamespace,
        }),
      );
    }
  });

  it('tells people when an alarm goes on and off', () => {
    for (const { AlarmActions, OKActions } of byName.values()) {
      const topic = { Ref: expect.stringMatching(/^MonitoringAlarmsTopic/) };
      expect([AlarmActions, OKActions]).toEqual([[topic], [topic]]);
    }
  });

  it('does not take silence for trouble', () => {
    for (const alarm of byName.values()) expect(alarm.TreatMissingData).toBe('notBreaching');
  });

  it('calls a time-out one before it is forgotten among the errors', () => {
    for (const name of functions) {
      const lambda = resource(processing, 'AWS::Lambda::Function', 'FunctionName', `${environment}-${name}`);
      const alarm = byName.get(`${environment}-function-timeouts-${name}`);
      const limit = Number(lambda.Properties.Timeout) * 1_000;
      expect(alarm).toMatchObject({ MetricName: 'Duration', Statistic: 'Maximum' });
      expect(Number(alarm?.Threshold)).toBeLessThan(limit);
      expect(Number(alarm?.Threshold)).toBeGreaterThan(0.9 * limit);
    }
  });

  it('can be wrong about a period whose data are late where gaps are filled with zero', () => {
    const filled = [...byName].filter(([, { Metrics }]) => JSON.stringify(Metrics)?.includes('FILL('));
    expect(filled.length).toBeGreaterThanOrEqual(9);
    for (const [name, { DatapointsToAlarm, EvaluationPeriods }] of filled) {
      expect([name, Number(EvaluationPeriods)]).toEqual([name, expect.any(Number)]);
      expect(Number(EvaluationPeriods)).toBeGreaterThan(Number(DatapointsToAlarm));
    }
  });

  it('is told of an input that nobody reads, not by what a mapping that is off cannot emit', () => {
    for (const name of streamFunctions) {
      const alarm = byName.get(`${environment}-input-unread-${name}`);
      const metrics = watched.filter((one) => one.alarm === `${environment}-input-unread-${name}`);
      expect(metrics.map(({ metricName }) => metricName).sort()).toEqual(['IncomingRecords', 'Invocations']);
      // A mapping that reads may be without an invocation in every other period.
      expect(Number(alarm?.DatapointsToAlarm)).toBeGreaterThan(Number(alarm?.EvaluationPeriods) / 2);
    }
    expect(byName.get(`${environment}-input-unread-ticks`)).toMatchObject({
      MetricName: 'ApproximateAgeOfOldestMessage',
      Threshold: 900 + 5 * settings.ticksVisibilitySeconds,
    });
  });

  it('is told of a stream of the archive that nobody reads, though the function is invoked for the other one', () => {
    for (const stream of archived) {
      const alarm = `${environment}-archive-late-unread-${stream}`;
      const metrics = watched.filter((one) => one.alarm === alarm);
      expect(metrics.map(({ metricName }) => metricName).sort()).toEqual([
        'IncomingRecords',
        'PolledEventCount',
      ]);
    }
    const lag = byName.get(`${environment}-archive-late-lag`);
    // A record that is alone waits for the rest of its batch.
    expect(lag?.Threshold).toBe(1_000 * (settings.alarmLagSeconds + settings.archiveBatchingSeconds));
    expect(lag?.AlarmDescription).toMatch(/^ticket: /);
  });

  it('is told of puts that fail when nothing comes in by them, in more than single calls', () => {
    for (const name of ['lottery-events-input', 'user-events-input']) {
      const alarm = byName.get(`${environment}-puts-failed-${name}`);
      // A call of PutRecord, a call of PutRecords and the records of the latter: what is not there is no failure.
      expect(JSON.stringify(alarm?.Metrics)).toContain(
        '"100 * (3 - FILL(put, 1) - FILL(puts, 1) - FILL(taken, 1) / FILL(sent, 1))"',
      );
      expect(alarm).toMatchObject({ Threshold: 1, DatapointsToAlarm: 3, EvaluationPeriods: 5 });
      const metrics = watched.filter((one) => one.alarm === `${environment}-puts-failed-${name}`);
      expect(metrics.map(({ metricName }) => metricName).sort()).toEqual([
        'PutRecord.Success',
        'PutRecords.Success',
        'PutRecords.SuccessfulRecords',
        'PutRecords.TotalRecords',
      ]);
    }
  });

  it('complains of late draws only after their grace', () => {
    const alarm = byName.get(`${environment}-draws-late`);
    expect(alarm).toMatchObject({ MetricName: metricNames.drawDelay, ExtendedStatistic: 'p90' });
    expect(Number(alarm?.Threshold)).toBeGreaterThan(1_000 * settings.graceSeconds);
  });

  it('wakes somebody when a shard holds draws up, and says where it says what to do', () => {
    const alarm = byName.get(`${environment}-draws-held-up`);
    expect(alarm?.AlarmDescription).toMatch(/^page: .*: docs\/runbook\.md, "A shard holds draws up"\./);
    expect(Number(alarm?.Threshold)).toBe(1_000 * settings.alarmDrawDelaySeconds);
    const metrics = watched.filter(({ alarm: name }) => name === `${environment}-draws-held-up`);
    const dimensions = { service: `${environment}-ticks` };
    expect(metrics.map(({ metricName, dimensions: own }) => [metricName, own])).toEqual([
      [metricNames.ticksPutOff, dimensions],
      [metricNames.watermarkDelay, dimensions],
    ]);
  });

  it('lets mappings count the records that they give up', () => {
    const mappings = Object.values(resources(processing, 'AWS::Lambda::EventSourceMapping'));
    const counted = mappings.filter(({ Properties }) => Properties.StartingPosition !== undefined);
    expect(counted).toHaveLength(5);
    for (const { Properties } of counted) {
      expect(Properties.MetricsConfig).toEqual({ Metrics: ['EventCount'] });
    }
  });

  it('has one dashboard', () => {
    const dashboards = Object.values(resources(processing, 'AWS::CloudWatch::Dashboard'));
    expect(dashboards.map(({ Properties }) => Properties.DashboardName)).toEqual([`${environment}-lottery`]);
    const body = JSON.stringify(dashboards);
    for (const name of Object.values(metricNames)) {
      // Ignored records are a defect: an alarm, not a curve.
      if (![alarmAlone, ofPage, ofTopics].includes(name)) expect(body).toContain(name);
    }
  });
});
