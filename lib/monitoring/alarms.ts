import { Tags } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Settings } from '../settings.ts';
import { alarmKinds, runbook } from './alarm-kinds.ts';
import type { AlarmRule } from './alarm-rule.ts';

export interface AlarmsProps {
  /** Prefix of the physical names: the environment. */
  readonly environment: string;
  readonly settings: Settings;
  readonly rules: readonly AlarmRule[];
  /** Where all of them are told. @param alarms below which it may be made */
  readonly topic: (alarms: Construct) => ITopic;
}

/** The alarms of a stack and the topics that tell people: one of all, one that wakes somebody. */
export class Alarms extends Construct {
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const everyone = new SnsAction(props.topic(this));
    const pager = this.pager(props.settings);
    this.alarms = props.rules.map((rule) => {
      const alarm = this.alarm(rule, props.environment);
      const { severity } = alarmKinds[rule.kind];
      Tags.of(alarm).add('severity', severity);
      const actions = severity === 'page' ? [everyone, ...pager] : [everyone];
      alarm.addAlarmAction(...actions);
      alarm.addOkAction(...actions);
      return alarm;
    });
  }

  private alarm({ kind, subject, ...rule }: AlarmRule, environment: string): Alarm {
    const name = subject === undefined ? kind : `${kind}-${subject}`;
    const { severity, meaning } = alarmKinds[kind];
    return new Alarm(this, name, {
      alarmName: `${environment}-${name}`,
      alarmDescription: `${severity}: ${meaning} What to do: ${runbook}#${kind}`,
      metric: rule.metric,
      threshold: rule.threshold,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      datapointsToAlarm: rule.breaching,
      evaluationPeriods: rule.evaluated,
      // No data is no traffic, which is right at night; that draws do not come has an alarm of its own.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }

  private pager({ pageTopicArn }: Settings): SnsAction[] {
    if (pageTopicArn === 'none') return [];
    return [new SnsAction(Topic.fromTopicArn(this, 'PageTopic', pageTopicArn))];
  }
}
