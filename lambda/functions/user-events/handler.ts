import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { kinesisConnector } from '../../adapters/kinesis-connector.ts';
import { readEnvironment } from '../../contract/variables.ts';
import { resources } from './resources.ts';
import { wireUserEvents } from './wiring.ts';

const work = wireUserEvents(
  readEnvironment('user-events', process.env),
  resources,
  kinesisConnector(resources.kinesis, resources.retry),
);

export function handler(event: KinesisStreamEvent): Promise<KinesisStreamBatchResponse> {
  return resources.telemetry.around(() => work(event));
}
