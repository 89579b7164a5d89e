import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { kinesisClient } from '../../adapters/clients.ts';
import { kinesisConnector } from '../../adapters/kinesis-connector.ts';
import { readEnvironment } from '../../contract/variables.ts';
import { resources } from './resources.ts';
import { wireLotteryEvents } from './wiring.ts';

const work = wireLotteryEvents(
  readEnvironment('lottery-events', process.env),
  resources,
  kinesisConnector(kinesisClient(), resources.retry),
);

export function handler(event: KinesisStreamEvent): Promise<KinesisStreamBatchResponse> {
  return resources.telemetry.around(() => work(event));
}
