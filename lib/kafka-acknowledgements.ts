import type { Exception } from './live-acknowledgements.ts';
import type { Settings } from './settings.ts';

/** What stands of the roles of functions that read topics, or put records there. */
export function kafkaExceptions({
  connector,
  kafkaAuth,
  kafkaClusterArn,
  kafkaSecretArn,
  kafkaSubnetIds,
}: Settings): Exception[] {
  if (connector === 'kinesis') return [];
  const inVpc = kafkaClusterArn !== 'none' || kafkaSubnetIds !== 'none';
  const [, partition, , region, account] = kafkaSecretArn.split(':');
  return [
    ...(inVpc
      ? [
          {
            rule: 'AwsSolutions-IAM5[Resource::*]',
            reason:
              'Lambda makes and looks for network interfaces by this role: AWS has no resource for that.',
          },
        ]
      : []),
    ...(kafkaAuth === 'scram'
      ? [
          {
            rule: `AwsSolutions-IAM5[Resource::arn:${partition}:kms:${region}:${account}:key/*]`,
            reason:
              "The secret's key is not known here. A condition holds it to that secret, by Secrets Manager alone.",
          },
        ]
      : []),
  ];
}
