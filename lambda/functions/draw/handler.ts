import type { KinesisStreamTumblingWindowEvent } from 'aws-lambda';
import { kinesisClient } from '../../adapters/clients.ts';
import { kinesisConnector } from '../../adapters/kinesis-connector.ts';
import { readEnvironment } from '../../contract/variables.ts';
import type { DrawResponse } from './process.ts';
import { resources } from './resources.ts';
import { wireDraw } from './wiring.ts';

const work = wireDraw(
  readEnvironment('draw', process.env),
  resources,
  kinesisConnector(kinesisClient(), resources.retry),
);

export function handler(event: KinesisStreamTumblingWindowEvent): Promise<DrawResponse> {
  return resources.telemetry.around(() => work(event));
}
