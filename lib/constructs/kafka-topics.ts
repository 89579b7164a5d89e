import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { type OuterStream, topicNames, topicPrefix } from '../kafka-topics.ts';
import { listed } from '../setting-fields.ts';
import type { Settings } from '../settings.ts';
import { KafkaMapping } from './kafka-mapping.ts';
import { KafkaRights } from './kafka-rights.ts';
import type { FunctionNetwork, OuterMappingProps, OuterStreams, StreamInput, Talk } from './outer-streams.ts';

export interface KafkaTopicsProps {
  readonly environment: string;
  readonly settings: Settings;
}

/**
 * The outer streams as topics of a Kafka cluster. The cluster and its topics are somebody else's: nothing here makes, changes or
 * deletes one.
 */
export class KafkaTopics implements OuterStreams {
  readonly connector = 'kafka';
  readonly names: Readonly<Record<OuterStream, string>>;
  private readonly environment: string;
  private readonly settings: Settings;
  private readonly rights: KafkaRights;

  constructor({ environment, settings }: KafkaTopicsProps) {
    const prefix = topicPrefix(environment, settings);
    const name = (stream: OuterStream) => `${prefix}${topicNames[stream]}`;
    this.names = {
      'lottery-events-input': name('lottery-events-input'),
      'user-events-input': name('user-events-input'),
      'lottery-events-output': name('lottery-events-output'),
      'user-events-output': name('user-events-output'),
    };
    this.environment = environment;
    this.settings = settings;
    this.rights = new KafkaRights(settings);
  }

  get outputs(): Readonly<Record<string, string>> {
    const { names, settings } = this;
    return {
      KafkaBootstrapServers: settings.kafkaBootstrapServers,
      LotteryEventsInputTopicName: names['lottery-events-input'],
      UserEventsInputTopicName: names['user-events-input'],
      LotteryEventsOutputTopicName: names['lottery-events-output'],
      UserEventsOutputTopicName: names['user-events-output'],
      KafkaAuth: settings.kafkaAuth,
      ...(settings.kafkaAuth === 'scram' && { KafkaSecretArn: settings.kafkaSecretArn }),
    };
  }

  variables(talk: Talk): Readonly<Record<string, string>> {
    const { kafkaAuth, kafkaBootstrapServers, kafkaSecretArn, kafkaPollers } = this.settings;
    return {
      KAFKA_REPORTS_FAILURES: kafkaPollers === 'on-demand' ? 'off' : 'on',
      ...(talk === 'puts' && {
        KAFKA_BOOTSTRAP_SERVERS: kafkaBootstrapServers,
        KAFKA_AUTH: kafkaAuth,
        KAFKA_SECRET_ARN: kafkaSecretArn,
      }),
    };
  }

  network(talk: Talk): FunctionNetwork | undefined {
    const { kafkaSubnetIds, kafkaSecurityGroupIds } = this.settings;
    if (talk === 'reads' || kafkaSubnetIds === 'none') return undefined;
    return {
      subnetIds: listed(kafkaSubnetIds),
      securityGroupIds: listed(kafkaSecurityGroupIds),
      grantBeThere: (grantee) => this.rights.grantNetworkOfFunction(grantee),
    };
  }

  input(scope: Construct, id: string, stream: OuterStream, props: OuterMappingProps): StreamInput {
    const { rights, environment } = this;
    return new KafkaMapping(scope, id, { ...props, topic: this.names[stream], rights, environment });
  }

  grantPut(grantee: IGrantable, stream: OuterStream): void {
    this.rights.grantProduce(grantee, [this.names[stream]]);
  }

  grantListShards(grantee: IGrantable, streams: readonly OuterStream[]): void {
    this.rights.grantDescribe(
      grantee,
      streams.map((stream) => this.names[stream]),
    );
  }

  grantFollow(grantee: IGrantable): void {
    this.rights.grantRead(grantee, Object.values(this.names));
  }

  grantPutInputs(grantee: IGrantable): void {
    const { names, rights } = this;
    rights.grantPutByRole(grantee, [names['lottery-events-input'], names['user-events-input']]);
  }
}
