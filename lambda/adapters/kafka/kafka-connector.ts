import type { KafkaBatchResponse, KafkaEvent } from '../../batch/kafka-source.ts';
import { kafkaSource } from '../../batch/kafka-source.ts';
import type { Connector } from '../../ports/connector.ts';
import type { RetryPolicy } from '../retry.ts';
import type { KafkaClient } from './kafka-client.ts';
import { KafkaInputs } from './kafka-inputs.ts';
import { KafkaPublisher } from './kafka-publisher.ts';
import { topicRecordsComeAgainForMs } from './kept-records.ts';

/** The outer streams as topics of Kafka. @param reportsFailures as `kafkaSource` */
export function kafkaConnector(
  client: KafkaClient,
  { retry, reportsFailures }: { readonly retry: RetryPolicy; readonly reportsFailures: boolean },
): Connector<KafkaEvent, KafkaBatchResponse> {
  return {
    source: kafkaSource({ reportsFailures }),
    publisher: (topic) => new KafkaPublisher(client, topic, retry),
    inputs: (topics) => new KafkaInputs(client, topics),
    comesAgainForMs: () => topicRecordsComeAgainForMs,
  };
}
