import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { kinesisConnector } from '../../adapters/kinesis-connector.ts';
import { readEnvironment } from '../../contract/variables.ts';
import { resources } from './resources.ts';
import { wireTicks } from './wiring.ts';

const work = wireTicks(
  readEnvironment('ticks', process.env),
  resources,
  kinesisConnector(resources.kinesis, resources.retry),
);

export function handler(event: SQSEvent): Promise<SQSBatchResponse> {
  return resources.telemetry.around(() => work(event));
}
