import { randomBytes } from 'node:crypto';
import { dynamoClient, kmsClient, sqsClient } from '../../adapters/clients.ts';
import { kafkaConnector } from '../../adapters/kafka/kafka-connector.ts';
import { PowertoolsTelemetry } from '../../adapters/powertools-telemetry.ts';
import { standardRetry } from '../../adapters/retry.ts';
import { withInputAge } from '../../batch/input-age.ts';
import type { KafkaBatchResponse, KafkaEvent } from '../../batch/kafka-source.ts';
import { readEnvironment, readKafkaEnvironment } from '../../contract/variables.ts';
import { kafkaClient } from '../kafka.ts';
import { reportsFailures } from '../settings.ts';
import { wireLotteryEvents } from './wiring.ts';

const telemetry = new PowertoolsTelemetry();

const kafka = readKafkaEnvironment('lottery-events', process.env);

const connector = kafkaConnector(kafkaClient(kafka), {
  retry: standardRetry,
  reportsFailures: reportsFailures(kafka),
});

const work = wireLotteryEvents(
  readEnvironment('lottery-events', process.env),
  {
    dynamo: dynamoClient(),
    sqs: sqsClient(),
    kms: kmsClient(),
    telemetry,
    now: Date.now,
    retry: standardRetry,
    newSeed: () => randomBytes(32).toString('hex'),
  },
  { ...connector, source: withInputAge(connector.source, telemetry, Date.now) },
);

export function handler(event: KafkaEvent): Promise<KafkaBatchResponse> {
  return telemetry.around(() => work(event));
}
