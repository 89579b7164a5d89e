import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { kinesisSource } from '../../batch/kinesis-source.ts';
import { readEnvironment } from '../../contract/variables.ts';
import { resources } from './resources.ts';
import { wireLive } from './wiring.ts';

const work = wireLive(readEnvironment('live', process.env), resources, { source: kinesisSource });

export function handler(event: KinesisStreamEvent): Promise<KinesisStreamBatchResponse> {
  return resources.telemetry.around(() => work(event));
}
