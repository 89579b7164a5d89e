import { Aws, Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import type { Encryption } from '../constructs/encryption.ts';
import type { Settings } from '../settings.ts';

export interface AlarmTopicProps {
  /** Prefix of the physical name: the environment. */
  readonly environment: string;
  readonly settings: Settings;
}

/** The topic of all alarms of an environment: that of the settings, or one that is made. */
export function alarmTopic(
  scope: Construct,
  { environment, settings, encryption }: AlarmTopicProps & { readonly encryption: Encryption },
): ITopic {
  if (settings.alarmTopicArn !== 'none') {
    return Topic.fromTopicArn(scope, 'ExistingTopic', settings.alarmTopicArn);
  }
  const topic = new Topic(scope, 'Topic', {
    topicName: nameIn(environment),
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

/**
 * The same topic, for another stack of the environment. By its name, not by an export: the stack that has it can be made anew
 * without this one. As long as the topic is not there, nobody is told.
 */
export function knownAlarmTopic(scope: Construct, { environment, settings }: AlarmTopicProps): ITopic {
  const { alarmTopicArn } = settings;
  const arn =
    alarmTopicArn === 'none'
      ? Stack.of(scope).formatArn({ service: 'sns', resource: nameIn(environment) })
      : alarmTopicArn;
  return Topic.fromTopicArn(scope, 'ExistingTopic', arn);
}

function nameIn(environment: string): string {
  return `${environment}-lottery-alarms`;
}
