import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { dynamoClient, kinesisClient, sqsClient } from '../../adapters/clients.ts';
import { kinesisConnector } from '../../adapters/kinesis-connector.ts';
import { PowertoolsTelemetry } from '../../adapters/powertools-telemetry.ts';
import { standardRetry } from '../../adapters/retry.ts';
import { readEnvironment } from '../../contract/variables.ts';
import { wireTicks } from './wiring.ts';

const telemetry = new PowertoolsTelemetry();
const kinesis = kinesisClient();

const work = wireTicks(
  readEnvironment('ticks', process.env),
  {
    dynamo: dynamoClient(),
    kinesis,
    sqs: sqsClient(),
    telemetry,
    now: Date.now,
    retry: standardRetry,
  },
  kinesisConnector(kinesis, standardRetry),
);

export function handler(event: SQSEvent): Promise<SQSBatchResponse> {
  return telemetry.around(() => work(event));
}
