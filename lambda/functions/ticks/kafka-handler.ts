import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { dynamoClient, kinesisClient, sqsClient } from '../../adapters/clients.ts';
import { KafkaInputs } from '../../adapters/kafka/kafka-inputs.ts';
import { PowertoolsTelemetry } from '../../adapters/powertools-telemetry.ts';
import { standardRetry } from '../../adapters/retry.ts';
import { readEnvironment, readKafkaEnvironment } from '../../contract/variables.ts';
import { kafkaClient } from '../kafka.ts';
import { wireTicks } from './wiring.ts';

const telemetry = new PowertoolsTelemetry();
const kafka = kafkaClient(readKafkaEnvironment('ticks', process.env));

const work = wireTicks(
  readEnvironment('ticks', process.env),
  {
    dynamo: dynamoClient(),
    kinesis: kinesisClient(),
    sqs: sqsClient(),
    telemetry,
    now: Date.now,
    retry: standardRetry,
  },
  { inputs: (topics) => new KafkaInputs(kafka, topics) },
);

export function handler(event: SQSEvent): Promise<SQSBatchResponse> {
  return telemetry.around(() => work(event));
}
