import type { KinesisStreamTumblingWindowEvent } from 'aws-lambda';
import { verifyBeacon } from '../../adapters/beacon-signature.ts';
import { dynamoClient, s3Client, sqsClient } from '../../adapters/clients.ts';
import { httpFetch } from '../../adapters/fetch.ts';
import { KafkaPublisher } from '../../adapters/kafka/kafka-publisher.ts';
import { PowertoolsTelemetry } from '../../adapters/powertools-telemetry.ts';
import { standardRetry } from '../../adapters/retry.ts';
import { readEnvironment, readKafkaEnvironment } from '../../contract/variables.ts';
import { kafkaClient } from '../kafka.ts';
import type { DrawResponse } from './process.ts';
import { wireDraw } from './wiring.ts';

const telemetry = new PowertoolsTelemetry();

const kafka = kafkaClient(readKafkaEnvironment('draw', process.env));

const work = wireDraw(
  readEnvironment('draw', process.env),
  {
    dynamo: dynamoClient(),
    sqs: sqsClient(),
    s3: s3Client(),
    ...{ fetch: httpFetch, verifyBeacon },
    telemetry,
    now: Date.now,
    retry: standardRetry,
  },
  { publisher: (topic) => new KafkaPublisher(kafka, topic, standardRetry) },
);

export function handler(event: KinesisStreamTumblingWindowEvent): Promise<DrawResponse> {
  return telemetry.around(() => work(event));
}
