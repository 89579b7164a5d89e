import { s3Client } from '../../adapters/clients.ts';
import { PowertoolsTelemetry } from '../../adapters/powertools-telemetry.ts';
import type { KafkaBatchResponse, KafkaEvent } from '../../batch/kafka-source.ts';
import { readEnvironment, readKafkaEnvironment } from '../../contract/variables.ts';
import { topicSource } from '../topic-source.ts';
import { wireArchive } from './wiring.ts';

const telemetry = new PowertoolsTelemetry();

const work = wireArchive(
  readEnvironment('archive', process.env),
  { s3: s3Client() },
  { source: topicSource(readKafkaEnvironment('archive', process.env), { telemetry, now: Date.now }) },
);

export function handler(event: KafkaEvent): Promise<KafkaBatchResponse> {
  return telemetry.around(() => work(event));
}
