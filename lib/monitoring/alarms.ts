import { Aws, Tags } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { Encryption } from '../constructs/encryption.ts';
import type { Settings } from '../settings.ts';
import { alarmKinds, runbook } from './alarm-kinds.ts';
import type { AlarmRule } from './alarm-rule.ts';
import { alarmRules } from './alarm-rules.ts';
import type { Watched } from './watched.ts';

export interface AlarmsProps {
  /** Prefix of the physical names: the environment. */
  readonly environment: string;
  readonly encryption: Encryption;
  readonly watched: Watched;
}

/** All alarms of an environment and the topics that tell people: one of all, one that wakes somebody. */
export class Alarms extends Construct {
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const { settings } = props.watched;
    const everyone = new SnsAction(this.alarmTopic(props, settings));
    const pager = this.pager(settings);
    this.alarms = alarmRules(props.watched).map((rule) => {
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

  private alarmTopic({ environment, encryption }: AlarmsProps, settings: Settings): ITopic {
    if (settings.alarmTopicArn !== 'none') {
      return Topic.fromTopicArn(this, 'ExistingTopic', settings.alarmTopicArn);
    }
    const topic = new Topic(this, 'Topic', {
      topicName: `${environment}-lottery-alarms`,
      enforceSSL: true,
      // Only with a key of our own: CloudWatch may not use AWS's key for SNS, and could not publish.
      ...(encryption.key && { masterKey: encryption.key }),
    });
    // A topic with a policy has no default one any more, so CloudWatch has to be let in.
    topic.grantPublish(
      new ServicePrincipal('cloudwatch.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    );
    if (settings.alarmEmail !== 'none') topic.addSubscription(new EmailSubscription(settings.alarmEmail));
    return topic;
  }
}
