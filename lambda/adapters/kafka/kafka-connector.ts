import type { KafkaBatchResponse, KafkaEvent } from '../../batch/kafka-source.ts';
import type { Connector } from '../../ports/connector.ts';
import type { BatchSource } from '../../ports/source.ts';
import type { RetryPolicy } from '../retry.ts';
import type { KafkaClient } from './kafka-client.ts';
import { KafkaInputs } from './kafka-inputs.ts';
import { KafkaPublisher } from './kafka-publisher.ts';
import { topicRecordsComeAgainForMs } from './kept-records.ts';

type Source = BatchSource<KafkaEvent, KafkaBatchResponse>;

/** The outer streams as topics of Kafka. @param source what batches are of them (batch/kafka-source.ts) */
export function kafkaConnector(
  client: KafkaClient,
  { source, retry }: { readonly source: Source; readonly retry: RetryPolicy },
): Connector<KafkaEvent, KafkaBatchResponse> {
  return {
    source,
    publisher: (topic) => new KafkaPublisher(client, topic, retry),
    inputs: (topics) => new KafkaInputs(client, topics),
    comesAgainForMs: () => topicRecordsComeAgainForMs,
  };
}
