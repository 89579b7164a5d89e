import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { KafkaInputs } from '../../adapters/kafka/kafka-inputs.ts';
import { readEnvironment, readKafkaEnvironment } from '../../contract/variables.ts';
import { kafkaClient } from '../kafka.ts';
import { resources } from './resources.ts';
import { wireTicks } from './wiring.ts';

const kafka = kafkaClient(readKafkaEnvironment('ticks', process.env));

const work = wireTicks(readEnvironment('ticks', process.env), resources, {
  inputs: (topics) => new KafkaInputs(kafka, topics),
});

export function handler(event: SQSEvent): Promise<SQSBatchResponse> {
  return resources.telemetry.around(() => work(event));
}
