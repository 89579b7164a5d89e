import type { KafkaBatchResponse, KafkaEvent } from '../../batch/kafka-source.ts';
import { readEnvironment, readKafkaEnvironment } from '../../contract/variables.ts';
import { topicConnector } from '../kafka.ts';
import { resources } from './resources.ts';
import { wireUserEvents } from './wiring.ts';

const work = wireUserEvents(
  readEnvironment('user-events', process.env),
  resources,
  topicConnector(readKafkaEnvironment('user-events', process.env), resources),
);

export function handler(event: KafkaEvent): Promise<KafkaBatchResponse> {
  return resources.telemetry.around(() => work(event));
}
