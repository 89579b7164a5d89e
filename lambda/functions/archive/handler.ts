import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { s3Client } from '../../adapters/clients.ts';
import { PowertoolsTelemetry } from '../../adapters/powertools-telemetry.ts';
import { kinesisSource } from '../../batch/kinesis-source.ts';
import { readEnvironment } from '../../contract/variables.ts';
import { wireArchive } from './wiring.ts';

const telemetry = new PowertoolsTelemetry();

const work = wireArchive(
  readEnvironment('archive', process.env),
  { s3: s3Client() },
  { source: kinesisSource },
);

export function handler(event: KinesisStreamEvent): Promise<KinesisStreamBatchResponse> {
  return telemetry.around(() => work(event));
}
