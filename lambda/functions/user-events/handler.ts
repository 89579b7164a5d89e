import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { dynamoClient, kinesisClient, kmsClient, s3Client } from '../../adapters/clients.ts';
import { kinesisConnector } from '../../adapters/kinesis-connector.ts';
import { PowertoolsTelemetry } from '../../adapters/powertools-telemetry.ts';
import { standardRetry } from '../../adapters/retry.ts';
import { readEnvironment } from '../../contract/variables.ts';
import { wireUserEvents } from './wiring.ts';

const telemetry = new PowertoolsTelemetry();
const kinesis = kinesisClient();

const work = wireUserEvents(
  readEnvironment('user-events', process.env),
  {
    dynamo: dynamoClient(),
    kinesis,
    s3: s3Client(),
    kms: kmsClient(),
    telemetry,
    now: Date.now,
    retry: standardRetry,
  },
  kinesisConnector(kinesis, standardRetry),
);

export function handler(event: KinesisStreamEvent): Promise<KinesisStreamBatchResponse> {
  return telemetry.around(() => work(event));
}
