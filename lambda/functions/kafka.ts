import type { BrokerAuth } from '../adapters/kafka/broker-access.ts';
import { BrokerClient } from '../adapters/kafka/broker-client.ts';
import { BrokerSecret } from '../adapters/kafka/broker-secret.ts';
import type { KafkaClient } from '../adapters/kafka/kafka-client.ts';
import { kafkaConnector } from '../adapters/kafka/kafka-connector.ts';
import { mskToken } from '../adapters/kafka/msk-token.ts';
import { roleCredentials } from '../adapters/role-credentials.ts';
import type { KafkaBatchResponse, KafkaEvent } from '../batch/kafka-source.ts';
import type { KafkaEnvironment } from '../contract/variables.ts';
import type { Connector } from '../ports/connector.ts';
import type { InputAgeTelemetry } from '../ports/telemetry.ts';
import type { Resources } from './resources.ts';
import { topicSource } from './topic-source.ts';

/** The outer streams of a function of Lambda that reads and puts topics. @throws Error that names the variable that is wrong */
export function topicConnector(
  environment: KafkaEnvironment<'user-events'>,
  resources: Pick<Resources, 'now' | 'retry'> & { readonly telemetry: InputAgeTelemetry },
): Connector<KafkaEvent, KafkaBatchResponse> {
  const source = topicSource(environment, resources);
  return kafkaConnector(kafkaClient(environment), { source, retry: resources.retry });
}

/** @returns the client of a function of Lambda, not connected yet @throws Error that names the variable that is wrong */
export function kafkaClient(environment: KafkaEnvironment<'draw'>): KafkaClient {
  const bootstrapServers = environment.KAFKA_BOOTSTRAP_SERVERS.split(',');
  return new BrokerClient({ bootstrapServers, auth: authOf(environment) });
}

function authOf({
  KAFKA_AUTH: kind,
  KAFKA_SECRET_ARN: arn,
}: Pick<KafkaEnvironment<'draw'>, 'KAFKA_AUTH' | 'KAFKA_SECRET_ARN'>): BrokerAuth {
  if (kind === 'none') return { kind };
  if (kind === 'scram') {
    const secret = new BrokerSecret({ arn, credentials: roleCredentials, now: Date.now });
    return { kind, credentials: () => secret.credentials() };
  }
  if (kind === 'iam') {
    const region = process.env.AWS_REGION ?? '';
    return { kind, token: () => mskToken(region, roleCredentials, Date.now()) };
  }
  throw new Error(`Environment variable KAFKA_AUTH must be 'none', 'scram' or 'iam', not '${kind}'`);
}
