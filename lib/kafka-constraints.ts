/** What must hold between the settings of Kafka. */

import type { Constraint } from './constraint.ts';
import { mostPollersOfGroup, pollerGroup, topicMappings } from './kafka-pollers.ts';
import { ends } from './setting-fields.ts';
import type { SettingName, Settings } from './settings.ts';

/** Lambda API, ProvisionedPollerConfig: the pollers that there are at least. */
const mostPollersAtLeast = 200;

/** Lambda Developer Guide, "Configuring self-managed Apache Kafka event sources": of functions that a topic's mapping invokes. */
const longestTimeoutSeconds = 840;

/** What says something only of Kafka, with the value that says nothing. */
const ofKafkaAlone: readonly (readonly [name: SettingName, nothing: string])[] = [
  ['kafkaBootstrapServers', 'none'],
  ['kafkaAuth', 'none'],
  ['kafkaSecretArn', 'none'],
  ['kafkaClusterArn', 'none'],
  ['kafkaTopicPrefix', 'environment'],
  ['kafkaPollers', 'on-demand'],
  ['kafkaSubnetIds', 'none'],
  ['kafkaSecurityGroupIds', 'none'],
];

export const kafkaConstraints: readonly Constraint[] = [
  ...ofKafkaAlone.map(
    ([name, nothing]): Constraint => ({
      holds: (s) => s.connector === 'kafka' || s[name] === nothing,
      message: (s) =>
        `${name} must be '${nothing}' with connector (kinesis), not '${s[name]}': there is no topic that it is about`,
    }),
  ),
  {
    holds: (s) => s.connector === 'kinesis' || s.kafkaBootstrapServers !== 'none',
    message: () =>
      "kafkaBootstrapServers must be brokers with connector (kafka), not 'none': functions would have nowhere to put what comes out",
  },
  {
    holds: (s) => s.kafkaAuth !== 'scram' || s.kafkaSecretArn !== 'none',
    message: () =>
      "kafkaSecretArn must be the ARN of a secret with kafkaAuth (scram), not 'none': brokers ask for a user and a password",
  },
  {
    holds: (s) => s.kafkaAuth === 'scram' || s.kafkaSecretArn === 'none',
    message: (s) =>
      `kafkaSecretArn must be 'none' with kafkaAuth (${s.kafkaAuth}), not an ARN: nobody would read the secret`,
  },
  {
    holds: (s) => s.kafkaAuth !== 'iam' || s.kafkaClusterArn !== 'none',
    message: () =>
      "kafkaClusterArn must be the ARN of an MSK cluster with kafkaAuth (iam), not 'none': only MSK knows roles",
  },
  ...(['kafkaSecretArn', 'kafkaClusterArn'] as const).flatMap((name): Constraint[] => [
    {
      holds: (s) => isOf('region', s, s[name]),
      message: (s) =>
        `${name} must be of region (${s.region}), not ${arnPart('region', s[name])}: Lambda reads it where its functions are`,
    },
    {
      holds: (s) => isOf('account', s, s[name]),
      message: (s) =>
        `${name} must be of account (${s.account}), not ${arnPart('account', s[name])}: roles of one account may not use it in another`,
    },
  ]),
  {
    holds: (s) => (s.kafkaSubnetIds === 'none') === (s.kafkaSecurityGroupIds === 'none'),
    message: (s) => {
      const [missing, given] =
        s.kafkaSubnetIds === 'none'
          ? ['kafkaSubnetIds', 'kafkaSecurityGroupIds']
          : ['kafkaSecurityGroupIds', 'kafkaSubnetIds'];
      return `${missing} must be set with ${given}, not 'none': a place in a VPC has both`;
    },
  },
  {
    holds: (s) => s.kafkaPollers === 'on-demand' || ends(s.kafkaPollers).least <= mostPollersAtLeast,
    message: (s) =>
      `kafkaPollers must begin at ${mostPollersAtLeast} or below, not '${s.kafkaPollers}': Lambda keeps no more waiting`,
  },
  {
    holds: (s) => s.connector === 'kinesis' || s.timeoutSeconds <= longestTimeoutSeconds,
    message: (s) =>
      `timeoutSeconds must be at most ${longestTimeoutSeconds} with connector (${s.connector}), not ${s.timeoutSeconds}: ` +
      'Lambda has no mapping of topics for slower functions',
  },
  {
    holds: (s) =>
      s.kafkaPollers === 'on-demand' ||
      pollerGroup('', s) === undefined ||
      ends(s.kafkaPollers).most <= mostOfOne(s),
    message: (s) =>
      `kafkaPollers must end at ${mostOfOne(s)} or below in a VPC, not '${s.kafkaPollers}': ${topicMappings(s)} mappings share ${mostPollersOfGroup}`,
  },
  {
    holds: (s) => s.aggregateOutputs === 'off' || s.connector === 'kinesis',
    message: (s) =>
      `aggregateOutputs must be 'off' with connector (${s.connector}), not 'on': Kafka batches records by itself`,
  },
];

function mostOfOne(settings: Settings): number {
  return Math.floor(mostPollersOfGroup / topicMappings(settings));
}

const arnParts = { region: 3, account: 4 } as const;

function arnPart(part: keyof typeof arnParts, arn: string): string {
  return arn.split(':')[arnParts[part]] ?? '';
}

/** What the command line decides is not known here. */
function isOf(part: keyof typeof arnParts, settings: Settings, arn: string): boolean {
  const { [part]: own } = settings;
  return own === 'cli' || arn === 'none' || arnPart(part, arn) === own;
}
