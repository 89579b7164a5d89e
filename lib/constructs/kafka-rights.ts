import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Settings } from '../settings.ts';

/**
 * What a role needs for topics. Where brokers know users (SCRAM) it is the secret with the user's password, where they ask
 * nobody (none) it is nothing; where they know roles (IAM, MSK) each topic and group has its actions: Amazon MSK Developer
 * Guide, "Common use cases for client authorization policy".
 */
export class KafkaRights {
  private readonly settings: Settings;

  constructor(settings: Settings) {
    this.settings = settings;
  }

  /**
   * Lets a function's mapping poll a topic: Lambda Developer Guide, "Configuring Lambda permissions for Amazon MSK event source
   * mappings", and the same of self-managed Kafka.
   */
  grantPoll(grantee: IGrantable, topic: string, group: string): Grant[] {
    return [
      ...this.grantNetworkOfMapping(grantee),
      ...this.grantFindCluster(grantee),
      ...this.grantSecret(grantee),
      ...this.grantCluster(grantee, ['Connect', 'DescribeClusterDynamicConfiguration']),
      ...this.grantEach(grantee, 'topic', [topic], ['DescribeTopic', 'ReadData']),
      ...this.grantEach(grantee, 'group', [group], ['AlterGroup', 'DescribeGroup']),
    ];
  }

  /** Lets a function put records, with the producer that brokers recognise again (idempotent). */
  grantProduce(grantee: IGrantable, topics: readonly string[]): void {
    this.grantSecret(grantee);
    this.grantPutByRole(grantee, topics);
  }

  /** The same for people: a password of brokers is not ours to hand out. */
  grantPutByRole(grantee: IGrantable, topics: readonly string[]): void {
    this.grantCluster(grantee, ['Connect', 'WriteDataIdempotently']);
    this.grantEach(grantee, 'topic', topics, ['DescribeTopic', 'WriteData']);
  }

  /** See which partitions topics have. */
  grantDescribe(grantee: IGrantable, topics: readonly string[]): void {
    this.grantSecret(grantee);
    this.grantCluster(grantee, ['Connect']);
    this.grantEach(grantee, 'topic', topics, ['DescribeTopic']);
  }

  /** Read topics from where one likes, without a group, and see how long they keep records. For people. */
  grantRead(grantee: IGrantable, topics: readonly string[]): void {
    this.grantCluster(grantee, ['Connect']);
    const look = ['DescribeTopic', 'DescribeTopicDynamicConfiguration'];
    this.grantEach(grantee, 'topic', topics, [...look, 'ReadData']);
  }

  /** Of a function that is in a VPC: Lambda Developer Guide, "Giving Lambda functions access to resources in an Amazon VPC". */
  grantNetworkOfFunction(grantee: IGrantable): Grant {
    return grantOnAnything(grantee, [
      'ec2:AssignPrivateIpAddresses',
      'ec2:CreateNetworkInterface',
      'ec2:DeleteNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets',
      'ec2:UnassignPrivateIpAddresses',
    ]);
  }

  /** Of MSK, Lambda goes to the cluster's own VPC; else to that of the settings. */
  private grantNetworkOfMapping(grantee: IGrantable): Grant[] {
    const { kafkaClusterArn, kafkaSubnetIds } = this.settings;
    if (kafkaClusterArn === 'none' && kafkaSubnetIds === 'none') return [];
    return [
      grantOnAnything(grantee, [
        'ec2:CreateNetworkInterface',
        'ec2:DeleteNetworkInterface',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeSecurityGroups',
        'ec2:DescribeSubnets',
        'ec2:DescribeVpcs',
      ]),
    ];
  }

  private grantFindCluster(grantee: IGrantable): Grant[] {
    const { kafkaAuth, kafkaClusterArn } = this.settings;
    if (kafkaClusterArn === 'none') return [];
    const actions = [
      'kafka:DescribeClusterV2',
      'kafka:GetBootstrapBrokers',
      ...(kafkaAuth === 'scram' ? ['kafka:ListScramSecrets'] : []),
    ];
    return [Grant.addToPrincipal({ grantee, actions, resourceArns: [kafkaClusterArn] })];
  }

  /** Which key a secret is encrypted with, its ARN does not say: any, by Secrets Manager, and for this secret alone. */
  private grantSecret(grantee: IGrantable): Grant[] {
    const { kafkaAuth, kafkaSecretArn } = this.settings;
    if (kafkaAuth !== 'scram') return [];
    const [, partition, , region, account] = kafkaSecretArn.split(':');
    return [
      Grant.addToPrincipal({
        grantee,
        actions: ['secretsmanager:GetSecretValue'],
        resourceArns: [kafkaSecretArn],
      }),
      Grant.addToPrincipal({
        grantee,
        actions: ['kms:Decrypt'],
        resourceArns: [`arn:${partition}:kms:${region}:${account}:key/*`],
        conditions: {
          StringEquals: {
            'kms:EncryptionContext:SecretARN': kafkaSecretArn,
            'kms:ViaService': `secretsmanager.${region}.amazonaws.com`,
          },
        },
      }),
    ];
  }

  private grantCluster(grantee: IGrantable, actions: readonly string[]): Grant[] {
    return this.grantBrokers(grantee, actions, [this.settings.kafkaClusterArn]);
  }

  private grantEach(
    grantee: IGrantable,
    kind: 'topic' | 'group',
    names: readonly string[],
    actions: readonly string[],
  ): Grant[] {
    const prefix = this.settings.kafkaClusterArn.replace(':cluster/', `:${kind}/`);
    return this.grantBrokers(
      grantee,
      actions,
      names.map((name) => `${prefix}/${name}`),
    );
  }

  private grantBrokers(grantee: IGrantable, actions: readonly string[], resourceArns: string[]): Grant[] {
    if (this.settings.kafkaAuth !== 'iam') return [];
    return [
      Grant.addToPrincipal({
        grantee,
        actions: actions.map((action) => `kafka-cluster:${action}`),
        resourceArns,
      }),
    ];
  }
}

/** Lambda looks for network interfaces among all, and makes them: AWS has no resource for it before. */
function grantOnAnything(grantee: IGrantable, actions: string[]): Grant {
  return Grant.addToPrincipal({ grantee, actions, resourceArns: ['*'] });
}
