import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { dynamoClient, s3Client } from '../../adapters/clients.ts';
import { EventApi } from '../../adapters/event-api.ts';
import { PowertoolsTelemetry } from '../../adapters/powertools-telemetry.ts';
import { standardRetry } from '../../adapters/retry.ts';
import { kinesisSource } from '../../batch/kinesis-source.ts';
import { readEnvironment } from '../../contract/variables.ts';
import { wireLive } from './wiring.ts';

const telemetry = new PowertoolsTelemetry();
const environment = readEnvironment('live', process.env);

const work = wireLive(
  environment,
  {
    dynamo: dynamoClient(),
    s3: s3Client(),
    messages: new EventApi(
      environment.EVENT_API_URL,
      environment.EVENT_API_NAMESPACE,
      process.env.AWS_REGION ?? '',
    ),
    telemetry,
    now: Date.now,
    retry: standardRetry,
  },
  { source: kinesisSource },
);

export function handler(event: KinesisStreamEvent): Promise<KinesisStreamBatchResponse> {
  return telemetry.around(() => work(event));
}
