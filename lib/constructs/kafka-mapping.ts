import { Duration } from 'aws-cdk-lib';
import {
  EventSourceMapping,
  type EventSourceMappingOptions,
  MetricType,
  type SourceAccessConfiguration,
  SourceAccessConfigurationType,
} from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { pollerGroup } from '../kafka-pollers.ts';
import { ends, listed } from '../setting-fields.ts';
import type { Settings } from '../settings.ts';
import type { ArtifactsBucket } from './artifacts-bucket.ts';
import type { KafkaRights } from './kafka-rights.ts';
import type { OuterMappingProps, StreamInput } from './outer-streams.ts';
import { startingPosition } from './starting-position.ts';

export interface KafkaMappingProps extends OuterMappingProps {
  readonly environment: string;
  readonly topic: string;
  readonly rights: KafkaRights;
}

/**
 * As many retries as Lambda takes. Without a number, which means for ever elsewhere, it gives a batch up after 10 where there is
 * a destination (Lambda Developer Guide, "Configuring error handling controls for Kafka event sources").
 */
const mostRetries = 10_000;

/**
 * An event source mapping of a topic and the rights that it needs. CDK's ManagedKafkaEventSource and SelfManagedKafkaEventSource
 * would grant more: AWSLambdaMSKExecutionRole, which is for any cluster and any log, and reading and deleting what is in the bucket.
 *
 * On demand a batch that fails comes again, whole, until it succeeds or its records expire. It has no destination: with one Lambda
 * would give it up after 10 attempts, and what is given up misses its draw. With pollers of its own a batch is halved, a function
 * can say what failed, and it comes again as often as Lambda allows; how long that takes AWS does not say. Then it is in the bucket,
 * which an alarm tells, and has to be redriven.
 *
 * The group is the mapping's own, and named, as the offsets are kept under its name: a mapping that is made again goes on where
 * the one before ended. No two mappings may have one (Lambda API, ConsumerGroupId).
 */
export class KafkaMapping extends Construct implements StreamInput {
  readonly mapping: EventSourceMapping;
  readonly batchingSeconds: number;
  readonly countsRecords: boolean;

  constructor(scope: Construct, id: string, props: KafkaMappingProps) {
    super(scope, id);
    const { environment, settings, topic, target, artifacts, rights } = props;
    this.batchingSeconds = props.batchingSeconds;
    this.countsRecords = settings.kafkaPollers !== 'on-demand';
    const kafkaConsumerGroupId = `${topic}-${props.reader}`;
    this.mapping = new EventSourceMapping(this, 'Mapping', {
      target,
      ...source(settings),
      kafkaTopic: topic,
      kafkaConsumerGroupId,
      ...startingPosition(settings),
      batchSize: props.batchSize,
      maxBatchingWindow: Duration.seconds(props.batchingSeconds),
      ...ownPollers(environment, settings, artifacts),
    });
    this.mapping.node.addDependency(
      ...rights.grantPoll(target, topic, kafkaConsumerGroupId),
      ...(this.countsRecords ? [artifacts.grantFailedBatches(target)] : []),
    );
  }
}

/** Of MSK Lambda finds the brokers, the network and, without a secret, the way to say who it is: the function's role. */
function source(settings: Settings): EventSourceMappingOptions {
  const { kafkaAuth, kafkaBootstrapServers, kafkaClusterArn, kafkaSecretArn } = settings;
  const secret: SourceAccessConfiguration[] =
    kafkaAuth === 'scram'
      ? [{ type: SourceAccessConfigurationType.SASL_SCRAM_512_AUTH, uri: kafkaSecretArn }]
      : [];
  if (kafkaClusterArn !== 'none') {
    return { eventSourceArn: kafkaClusterArn, ...access(secret) };
  }
  return {
    kafkaBootstrapServers: listed(kafkaBootstrapServers),
    ...access([...secret, ...network(settings)]),
  };
}

function access(
  sourceAccessConfigurations: SourceAccessConfiguration[],
): Pick<EventSourceMappingOptions, 'sourceAccessConfigurations'> {
  return sourceAccessConfigurations.length === 0 ? {} : { sourceAccessConfigurations };
}

function network({ kafkaSubnetIds, kafkaSecurityGroupIds }: Settings): SourceAccessConfiguration[] {
  if (kafkaSubnetIds === 'none') return [];
  return [
    ...listed(kafkaSubnetIds).map((id) => {
      return { type: SourceAccessConfigurationType.VPC_SUBNET, uri: `subnet:${id}` };
    }),
    ...listed(kafkaSecurityGroupIds).map((id) => {
      return { type: SourceAccessConfigurationType.VPC_SECURITY_GROUP, uri: `security_group:${id}` };
    }),
  ];
}

/** What Lambda has with pollers of one's own alone: how errors are handled, and what is counted. */
function ownPollers(
  environment: string,
  settings: Settings,
  artifacts: ArtifactsBucket,
): EventSourceMappingOptions {
  const { kafkaPollers } = settings;
  if (kafkaPollers === 'on-demand') return {};
  const { least, most } = ends(kafkaPollers);
  const pollerGroupName = pollerGroup(environment, settings);
  return {
    provisionedPollerConfig: {
      minimumPollers: least,
      maximumPollers: most,
      ...(pollerGroupName !== undefined && { pollerGroupName }),
    },
    bisectBatchOnError: true,
    reportBatchItemFailures: true,
    retryAttempts: mostRetries,
    onFailure: artifacts.onFailure,
    supportS3OnFailureDestination: true,
    metricsConfig: { metrics: [MetricType.EVENT_COUNT, MetricType.KAFKA_METRICS] },
  };
}
