/** The settings of Kafka: where a cluster is, who one is to it, and how its topics are read. */

import { either, type Field, isHostAndPort, list, span, text, word } from './setting-fields.ts';

/** Of an ARN in any of AWS's partitions, the start, up to the service. */
const arn = (service: string, rest: string) =>
  new RegExp(`^arn:aws[a-z-]*:${service}:[a-z0-9-]+:\\d{12}:${rest}$`);

/** Lambda API: the servers of a SelfManagedEventSource, and what a function's VpcConfig takes. */
const mostServers = 10;
const mostSubnets = 16;
const mostSecurityGroups = 5;

export const kafkaFields = {
  /** Where the cluster is. */
  kafkaBootstrapServers: either(
    word('none'),
    list(mostServers, 'brokers such as b-1.example:9096', isHostAndPort),
  ),
  /**
   * Who functions and mappings are to the brokers: nobody; a user of a secret, over TLS; or their role, with MSK. Nobody is for
   * local runs, and for brokers in the VPC of `kafkaSubnetIds`: over the internet Lambda polls none without a secret.
   */
  kafkaAuth: word('none', 'scram', 'iam'),
  /** The secret of AWS Secrets Manager that has `username` and `password`, for SCRAM with SHA-512. */
  kafkaSecretArn: either(
    word('none'),
    text(arn('secretsmanager', 'secret:[\\w/+=.@-]{1,512}-[A-Za-z0-9]{6}'), 'the whole ARN of a secret'),
  ),
  /** The cluster, where it is one of Amazon MSK. */
  kafkaClusterArn: either(
    word('none'),
    text(arn('kafka', 'cluster/[A-Za-z0-9-]{1,64}/[a-f0-9-]{36}-[a-z0-9]+'), 'the ARN of an MSK cluster'),
  ),
  /**
   * What the names of the topics begin with: `environment` is the environment's name and a dash. A topic that was made again
   * counts its offsets from the start, so it needs another prefix: docs/runbook.md, "A topic is made again".
   */
  kafkaTopicPrefix: either(
    word('environment'),
    text(
      /^(?:[A-Za-z0-9][\w.-]{0,63})?$/,
      'up to 64 letters, digits, dots, dashes and underscores, the first no sign',
    ),
  ),
  /**
   * Who polls the topics: Lambda as it sees fit, where a batch that fails comes again whole; or from so many to so many event
   * pollers of a mapping, which are paid for, and know halves of batches and failures of single records.
   */
  kafkaPollers: either(word('on-demand'), span(1, 2_000, 'event pollers')),
  /** The VPC that brokers are reached from: of mappings, and of functions that talk to brokers. */
  kafkaSubnetIds: either(
    word('none'),
    list(mostSubnets, 'subnets such as subnet-0a1b2c3d', (one) => /^subnet-[0-9a-f]{8,17}$/.test(one)),
  ),
  kafkaSecurityGroupIds: either(
    word('none'),
    list(mostSecurityGroups, 'security groups such as sg-0a1b2c3d', (one) => /^sg-[0-9a-f]{8,17}$/.test(one)),
  ),
} as const satisfies Record<string, Field<unknown>>;
