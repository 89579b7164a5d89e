import { randomBytes } from 'node:crypto';
import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { dynamoClient, kinesisClient, kmsClient, sqsClient } from '../../adapters/clients.ts';
import { kinesisConnector } from '../../adapters/kinesis-connector.ts';
import { PowertoolsTelemetry } from '../../adapters/powertools-telemetry.ts';
import { standardRetry } from '../../adapters/retry.ts';
import { readEnvironment } from '../../contract/variables.ts';
import { wireLotteryEvents } from './wiring.ts';

const telemetry = new PowertoolsTelemetry();

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
  kinesisConnector(kinesisClient(), standardRetry),
);

export function handler(event: KinesisStreamEvent): Promise<KinesisStreamBatchResponse> {
  return telemetry.around(() => work(event));
}
