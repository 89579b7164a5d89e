import type { KinesisStreamTumblingWindowEvent } from 'aws-lambda';
import { KafkaPublisher } from '../../adapters/kafka/kafka-publisher.ts';
import { readEnvironment, readKafkaEnvironment } from '../../contract/variables.ts';
import { kafkaClient } from '../kafka.ts';
import type { DrawResponse } from './process.ts';
import { resources } from './resources.ts';
import { wireDraw } from './wiring.ts';

const kafka = kafkaClient(readKafkaEnvironment('draw', process.env));

const work = wireDraw(readEnvironment('draw', process.env), resources, {
  publisher: (topic) => new KafkaPublisher(kafka, topic, resources.retry),
});

export function handler(event: KinesisStreamTumblingWindowEvent): Promise<DrawResponse> {
  return resources.telemetry.around(() => work(event));
}
