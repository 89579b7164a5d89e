import { dynamoClient, s3Client } from '../../adapters/clients.ts';
import { EventApi } from '../../adapters/event-api.ts';
import { PowertoolsTelemetry } from '../../adapters/powertools-telemetry.ts';
import { standardRetry } from '../../adapters/retry.ts';
import { withInputAge } from '../../batch/input-age.ts';
import type { KafkaBatchResponse, KafkaEvent } from '../../batch/kafka-source.ts';
import { kafkaSource } from '../../batch/kafka-source.ts';
import { readEnvironment, readKafkaEnvironment } from '../../contract/variables.ts';
import { reportsFailures } from '../settings.ts';
import { wireLive } from './wiring.ts';

const telemetry = new PowertoolsTelemetry();
const environment = readEnvironment('live', process.env);

const source = kafkaSource({
  reportsFailures: reportsFailures(readKafkaEnvironment('live', process.env)),
});

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
  { source: withInputAge(source, telemetry, Date.now) },
);

export function handler(event: KafkaEvent): Promise<KafkaBatchResponse> {
  return telemetry.around(() => work(event));
}
