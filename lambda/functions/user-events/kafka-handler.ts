import { dynamoClient, kinesisClient, kmsClient, s3Client } from '../../adapters/clients.ts';
import { kafkaConnector } from '../../adapters/kafka/kafka-connector.ts';
import { PowertoolsTelemetry } from '../../adapters/powertools-telemetry.ts';
import { standardRetry } from '../../adapters/retry.ts';
import { withInputAge } from '../../batch/input-age.ts';
import type { KafkaBatchResponse, KafkaEvent } from '../../batch/kafka-source.ts';
import { readEnvironment, readKafkaEnvironment } from '../../contract/variables.ts';
import { kafkaClient } from '../kafka.ts';
import { reportsFailures } from '../settings.ts';
import { wireUserEvents } from './wiring.ts';

const telemetry = new PowertoolsTelemetry();

const kafka = readKafkaEnvironment('user-events', process.env);

const connector = kafkaConnector(kafkaClient(kafka), {
  retry: standardRetry,
  reportsFailures: reportsFailures(kafka),
});

const work = wireUserEvents(
  readEnvironment('user-events', process.env),
  {
    dynamo: dynamoClient(),
    kinesis: kinesisClient(),
    s3: s3Client(),
    kms: kmsClient(),
    telemetry,
    now: Date.now,
    retry: standardRetry,
  },
  { ...connector, source: withInputAge(connector.source, telemetry, Date.now) },
);

export function handler(event: KafkaEvent): Promise<KafkaBatchResponse> {
  return telemetry.around(() => work(event));
}
