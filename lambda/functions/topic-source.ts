import { withInputAge } from '../batch/input-age.ts';
import { type KafkaBatchResponse, type KafkaEvent, kafkaSource } from '../batch/kafka-source.ts';
import type { KafkaEnvironment } from '../contract/variables.ts';
import type { BatchSource } from '../ports/source.ts';
import type { InputAgeTelemetry } from '../ports/telemetry.ts';
import { reportsFailures } from './settings.ts';

/** The topics that a function of Lambda reads; it tells how far it is behind. @throws Error that names the variable that is wrong */
export function topicSource(
  environment: KafkaEnvironment<'archive'>,
  { telemetry, now }: { readonly telemetry: InputAgeTelemetry; readonly now: () => number },
): BatchSource<KafkaEvent, KafkaBatchResponse> {
  return withInputAge(kafkaSource({ reportsFailures: reportsFailures(environment) }), telemetry, now);
}
