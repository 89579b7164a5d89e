import type { KafkaBatchResponse, KafkaEvent } from '../../batch/kafka-source.ts';
import { readEnvironment, readKafkaEnvironment } from '../../contract/variables.ts';
import { topicConnector } from '../kafka.ts';
import { resources } from './resources.ts';
import { wireLotteryEvents } from './wiring.ts';

const work = wireLotteryEvents(
  readEnvironment('lottery-events', process.env),
  resources,
  topicConnector(readKafkaEnvironment('lottery-events', process.env), resources),
);

export function handler(event: KafkaEvent): Promise<KafkaBatchResponse> {
  return resources.telemetry.around(() => work(event));
}
