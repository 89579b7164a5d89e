import { type Emulator, generatedName, type ResourceRequest } from '../emulator.ts';

/**
 * Types that need nothing on one machine. Their properties are not read; Ref gives a name and each
 * Fn::GetAtt that templates use gives something of the right form.
 */
function withoutEffect(...attributes: string[]): Emulator {
  return {
    async create(request, { region, accountId }) {
      const name = generatedName(request);
      const arn = `arn:aws:${service(request)}:${region}:${accountId}:${name}`;
      return {
        ref: name,
        attributes: Object.fromEntries(
          attributes.map((attribute) => [attribute, attribute.endsWith('Arn') ? arn : name]),
        ),
      };
    },
  };
}

function service({ type }: ResourceRequest): string {
  return (type.split('::')[1] ?? '').toLowerCase();
}

/** By type, with the reason. */
export const withoutEffectTypes: Readonly<Record<string, Emulator>> = {
  // The engines check no permissions: local/iam stands before them.
  'AWS::IAM::Policy': withoutEffect(),
  'AWS::IAM::RolePolicy': withoutEffect(),
  // Of functions that are not run here.
  'AWS::Lambda::LayerVersion': withoutEffect(),
  'AWS::Lambda::Permission': withoutEffect(),
  'AWS::S3::BucketPolicy': withoutEffect(),
  'AWS::SNS::TopicPolicy': withoutEffect(),
  'AWS::SQS::QueuePolicy': withoutEffect(),
  // What functions write goes to the log callback, not to a log group.
  'AWS::Logs::LogGroup': withoutEffect('Arn'),
  'AWS::Logs::MetricFilter': withoutEffect(),
  // Nobody measures, so nothing alarms and nobody is told.
  'AWS::CloudWatch::Alarm': withoutEffect('Arn'),
  'AWS::CloudWatch::CompositeAlarm': withoutEffect('Arn'),
  'AWS::CloudWatch::Dashboard': withoutEffect(),
  'AWS::SNS::Subscription': withoutEffect('Arn'),
  'AWS::SNS::Topic': withoutEffect('TopicArn', 'TopicName'),
  // The engine does not limit a table's throughput.
  'AWS::ApplicationAutoScaling::ScalableTarget': withoutEffect(),
  'AWS::ApplicationAutoScaling::ScalingPolicy': withoutEffect(),
  // CDK's own usage statistics.
  'AWS::CDK::Metadata': withoutEffect(),
};
