import type { KinesisClient } from '@aws-sdk/client-kinesis';
import type { BrokerAccess, BrokerAuth } from '../../lambda/adapters/kafka/broker-access.ts';
import { BrokerSecret } from '../../lambda/adapters/kafka/broker-secret.ts';
import { mskToken } from '../../lambda/adapters/kafka/msk-token.ts';
import { EnvironmentError } from '../environment/environment-error.ts';
import { KinesisStreams } from './kinesis-streams.ts';
import type { OuterStreams } from './outer-streams.ts';

/** The outer streams, as the outputs of an environment name them. */
export const outerNames = [
  'LotteryEventsInput',
  'UserEventsInput',
  'LotteryEventsOutput',
  'UserEventsOutput',
] as const;

export type OuterName = (typeof outerNames)[number];

type Outputs = Readonly<Record<string, string>>;

/** The output that has the physical name: of a topic, where the environment's connector is Kafka. */
export function outerOutput(outputs: Outputs, name: OuterName): string {
  return `${name}${isKafka(outputs) ? 'TopicName' : 'StreamName'}`;
}

export function isKafka({ Connector }: Outputs): boolean {
  return Connector === 'kafka';
}

/**
 * What the outer streams of an environment are reached by; it connects at the first call.
 * @param kinesis whose region and credentials are those of the brokers, too
 * @throws EnvironmentError where the outputs do not say how
 */
export async function openStreams(outputs: Outputs, kinesis: KinesisClient): Promise<OuterStreams> {
  if (!isKafka(outputs)) return new KinesisStreams(kinesis);
  // Its client takes longer to load than most commands take.
  const { KafkaStreams } = await import('./kafka-streams.ts');
  return new KafkaStreams(accessIn(outputs, kinesis));
}

function accessIn(outputs: Outputs, kinesis: KinesisClient): BrokerAccess {
  const { KafkaBootstrapServers, KafkaAuth = 'none' } = outputs;
  if (KafkaBootstrapServers === undefined)
    throw new EnvironmentError(
      'The stacks have no output KafkaBootstrapServers: they are of another version',
    );
  return { bootstrapServers: KafkaBootstrapServers.split(','), auth: authOf(KafkaAuth, outputs, kinesis) };
}

function authOf(kind: string, { KafkaSecretArn: arn = '' }: Outputs, { config }: KinesisClient): BrokerAuth {
  const credentials = () => config.credentials();
  if (kind === 'none') return { kind };
  if (kind === 'iam') {
    return { kind, token: async () => mskToken(await config.region(), credentials, Date.now()) };
  }
  if (kind !== 'scram')
    throw new EnvironmentError(`KafkaAuth is '${kind}', which this version does not know`);
  const secret = new BrokerSecret({ arn, credentials, now: Date.now });
  return { kind, credentials: () => secret.credentials() };
}
