import { s3Client } from '../../adapters/clients.ts';
import { PowertoolsTelemetry } from '../../adapters/powertools-telemetry.ts';
import { withInputAge } from '../../batch/input-age.ts';
import type { KafkaBatchResponse, KafkaEvent } from '../../batch/kafka-source.ts';
import { kafkaSource } from '../../batch/kafka-source.ts';
import { readEnvironment, readKafkaEnvironment } from '../../contract/variables.ts';
import { reportsFailures } from '../settings.ts';
import { wireArchive } from './wiring.ts';

const telemetry = new PowertoolsTelemetry();

const source = kafkaSource({
  reportsFailures: reportsFailures(readKafkaEnvironment('archive', process.env)),
});

const work = wireArchive(
  readEnvironment('archive', process.env),
  { s3: s3Client() },
  { source: withInputAge(source, telemetry, Date.now) },
);

export function handler(event: KafkaEvent): Promise<KafkaBatchResponse> {
  return telemetry.around(() => work(event));
}
