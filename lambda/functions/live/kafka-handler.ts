import type { KafkaBatchResponse, KafkaEvent } from '../../batch/kafka-source.ts';
import { readEnvironment, readKafkaEnvironment } from '../../contract/variables.ts';
import { topicSource } from '../topic-source.ts';
import { resources } from './resources.ts';
import { wireLive } from './wiring.ts';

const work = wireLive(readEnvironment('live', process.env), resources, {
  source: topicSource(readKafkaEnvironment('live', process.env), resources),
});

export function handler(event: KafkaEvent): Promise<KafkaBatchResponse> {
  return resources.telemetry.around(() => work(event));
}
