import { describe, expect, it } from 'vitest';
import { metricNames, metricNamespace } from '../../lambda/contract/metrics.ts';
import { environments } from '../../lib/environments.ts';
import { type AlarmKind, alarmKinds } from '../../lib/monitoring/alarm-kinds.ts';
import { alarms, ruleOf, watchedMetrics } from './alarms.ts';
import { physicalName, referenceOf } from './references.ts';
import { resources, synthesize, synthesizeLive } from './synthesize.ts';

const minutes = (metric: string, threshold: number, breaching: number, evaluated = breaching) =>
  `${metric} >= ${threshold} in ${breaching} of ${evaluated} periods of 60 s`;
const lambda = (statistic: string, name: string) => `${statistic}(AWS/Lambda ${name})`;
const unpolled =
  'IF(FILL(Sum(AWS/Kinesis IncomingRecords), 0) > 0 AND FILL(Sum(AWS/Lambda PolledEventCount), 0) < 1, 1, 0)';
const throttled =
  'FILL(Sum(AWS/DynamoDB ReadThrottleEvents), 0) + FILL(Sum(AWS/DynamoDB WriteThrottleEvents), 0)';

const withPage = Object.entries(environments).filter(([, { livePage }]) => livePage !== 'off');

describe.each(withPage)('monitoring of the page of %s', (environment, settings) => {
  const templates = synthesize(environment);
  const template = synthesizeLive(environment);
  const byName = alarms(template);
  const streams = ['user-events-output', 'lottery-events-output'];
  const each = (kind: string, rule: string) => streams.map((stream) => [`${kind}-${stream}`, rule] as const);

  it('has an alarm for every way in which it can fail, by these rules', () => {
    const { alarmLagSeconds, retentionHours, timeoutSeconds } = settings;
    const expected = [
      ['page-late-errors', minutes(lambda('Sum', 'Errors'), 1, 3, 5)],
      ['page-late-lag', minutes(lambda('Maximum', 'IteratorAge'), 1_000 * alarmLagSeconds, 3)],
      ...each('page-late-unread', minutes(unpolled, 1, 5, 8)),
      ['page-refused', minutes('Sum(LotteryStreams PublicationsRefused)', 1, 3, 5)],
      ['page-incomplete-retention', minutes(lambda('Maximum', 'IteratorAge'), 1_800_000 * retentionHours, 1)],
      ['page-incomplete-undelivered', minutes(lambda('Sum', 'DestinationDeliveryFailures'), 1, 1)],
      ...each(
        'page-incomplete-failed',
        minutes(lambda('Sum', 'OnFailureDestinationDeliveredEventCount'), 1, 1),
      ),
      ...each('page-incomplete-dropped', minutes(lambda('Sum', 'DroppedEventCount'), 1, 1)),
      ['function-throttles-live', minutes(lambda('Sum', 'Throttles'), 1, 3, 5)],
      ['function-timeouts-live', minutes(lambda('Maximum', 'Duration'), 950 * timeoutSeconds, 1)],
      ['table-throttles-live', minutes(throttled, 1, 3, 5)],
    ].map(([name, rule]) => [`${environment}-${name}`, rule]);
    const shown = [...byName].map(([name, alarm]) => [name, ruleOf(alarm)]);
    expect(Object.fromEntries(shown)).toEqual(Object.fromEntries(expected));
  });

  it('wakes nobody, tells those whom all alarms tell, and says where it says what to do', () => {
    const kinds = Object.keys(alarmKinds) as AlarmKind[];
    for (const [name, alarm] of byName) {
      const kind = kinds.find((one) => name.startsWith(`${environment}-${one}`));
      if (kind === undefined) throw new Error(`${name} is of no kind`);
      const { meaning } = alarmKinds[kind];
      expect(alarm.AlarmDescription).toBe(`ticket: ${meaning} What to do: docs/runbook.md#${kind}`);
      for (const actions of [alarm.AlarmActions, alarm.OKActions]) {
        expect(JSON.stringify(actions)).toContain(`:${environment}-lottery-alarms`);
        expect(actions).toHaveLength(1);
      }
    }
  });

  it('watches metrics of its own function, mappings and table, and of the streams that these read', () => {
    const mappings = {
      'user-events-output': 'ProcessorUserEventsMapping',
      'lottery-events-output': 'ProcessorLotteryEventsMapping',
    };
    /** What a dimension of the alarm has to be of. */
    const expected = (alarm: string, dimension: string) => {
      const stream = Object.entries(mappings).find(([name]) => alarm.endsWith(name));
      if (dimension === 'StreamName') return `${environment}-${stream?.[0]}`;
      return dimension === 'EventSourceMappingUUID' ? stream?.[1] : `${environment}-live`;
    };
    for (const { alarm, namespace, metricName, dimensions } of watchedMetrics(template)) {
      if (namespace === metricNamespace) {
        expect([metricName, dimensions]).toEqual([
          metricNames.publicationsRefused,
          { service: `${environment}-live` },
        ]);
        continue;
      }
      for (const [dimension, value] of Object.entries(dimensions)) {
        const { id, resource } = referenceOf(value, templates);
        const shown = physicalName(resource) ?? id.replace(/[0-9A-F]{8}$/, '');
        expect([alarm, dimension, shown]).toEqual([alarm, dimension, expected(alarm, dimension)]);
      }
    }
  });

  it('has a dashboard', () => {
    const dashboards = Object.values(resources(template, 'AWS::CloudWatch::Dashboard'));
    expect(dashboards.map(({ Properties }) => Properties.DashboardName)).toEqual([
      `${environment}-lottery-page`,
    ]);
    const body = JSON.stringify(dashboards);
    for (const name of ['IteratorAge', 'Errors', 'Duration', metricNames.publicationsRefused])
      expect(body).toContain(name);
  });
});

describe('an environment without a page', () => {
  it('has no alarm and no dashboard of it', () => {
    const { live, processing } = synthesize('dev', { 'dev:livePage': 'off' });
    expect(live).toBeUndefined();
    expect([...alarms(processing).keys()].filter((name) => /-live|dev-page-/.test(name))).toEqual([]);
    expect(JSON.stringify(processing.toJSON())).not.toContain('lottery-page');
  });
});

describe('where alarms of the page go', () => {
  const topic = 'arn:aws:sns:eu-west-1:000000000000:operations';

  it('to a topic that exists, as all others', () => {
    const template = synthesizeLive('dev', { 'dev:alarmTopicArn': topic });
    for (const { AlarmActions } of alarms(template).values()) expect(AlarmActions).toEqual([topic]);
  });

  it('not to another stack: that of the processing can be made anew without the page', () => {
    const imports = JSON.stringify(synthesizeLive('dev').toJSON()).match(/"Fn::ImportValue":"[^"]+"/g) ?? [];
    expect(imports.length).toBeGreaterThan(3);
    for (const one of imports) expect(one).toContain('dev-lottery-stateful:');
  });
});
