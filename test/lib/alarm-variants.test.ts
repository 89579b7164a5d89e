import { describe, expect, it } from 'vitest';
import { alarms } from './alarms.ts';
import { synthesize } from './synthesize.ts';

describe('alarms of long windows', () => {
  const windowSeconds = 900;
  const overrides = { 'dev:windowSeconds': String(windowSeconds) };
  const byName = alarms(synthesize('dev', overrides).processing);

  it('one late draw of a single lottery is enough, and there is one in each period', () => {
    const late = byName.get('dev-draws-late');
    expect(late).toMatchObject({ DatapointsToAlarm: 1, EvaluationPeriods: 1 });
    expect(Number(late?.Period)).toBeGreaterThanOrEqual(2 * windowSeconds);
  });

  it('draws are missing only in periods longer than a window, more than every other of them', () => {
    const missing = byName.get('dev-draws-missing');
    const { DatapointsToAlarm, EvaluationPeriods } = missing ?? {};
    expect(Number(DatapointsToAlarm)).toBeGreaterThan(Number(EvaluationPeriods) / 2);
    const metrics = missing?.Metrics as { MetricStat?: { Period: number } }[];
    const periods = metrics.flatMap(({ MetricStat }) =>
      MetricStat === undefined ? [] : [MetricStat.Period],
    );
    expect(periods).toHaveLength(2);
    for (const period of periods) expect(period).toBeGreaterThan(windowSeconds);
  });

  it('an input is unread only in periods as long as its mapping may wait', () => {
    const { processing } = synthesize('dev', {
      'dev:alarmDrawDelaySeconds': '900',
      'dev:userEventsBatchingSeconds': '300',
    });
    const metrics = alarms(processing).get('dev-input-unread-user-events')?.Metrics;
    expect(JSON.stringify(metrics).match(/"Period":\d+/g)).toEqual(['"Period":300', '"Period":300']);
  });
});

describe('where alarms go', () => {
  it('to the address of the settings', () => {
    const { processing } = synthesize('dev', { 'dev:alarmEmail': 'ops@example.com' });
    processing.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'ops@example.com',
    });
  });

  it('or to a topic that exists, without one of their own', () => {
    const arn = 'arn:aws:sns:eu-west-1:000000000000:operations';
    const { processing } = synthesize('dev', { 'dev:alarmTopicArn': arn });
    processing.resourceCountIs('AWS::SNS::Topic', 0);
    for (const { AlarmActions } of alarms(processing).values()) expect(AlarmActions).toEqual([arn]);
  });

  it('and those that wake somebody to the pager as well', () => {
    const pager = 'arn:aws:sns:eu-west-1:000000000000:pager';
    const { processing } = synthesize('dev', { 'dev:pageTopicArn': pager });
    const everyone = { Ref: expect.stringMatching(/^MonitoringAlarmsTopic/) };
    const severities = new Set<string>();
    for (const { AlarmDescription, AlarmActions, OKActions, Tags } of alarms(processing).values()) {
      const [severity = ''] = String(AlarmDescription).split(':');
      severities.add(severity);
      const told = severity === 'page' ? [everyone, pager] : [everyone];
      expect([AlarmActions, OKActions]).toEqual([told, told]);
      expect(Tags).toContainEqual({ Key: 'severity', Value: severity });
    }
    expect(severities).toEqual(new Set(['page', 'ticket']));
  });
});
