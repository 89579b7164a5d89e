import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { ArchiveBucket } from '../../adapters/archive-bucket.ts';
import type { FunctionEnvironment } from '../../contract/variables.ts';
import type { Resources } from '../resources.ts';
import { processArchive } from './process.ts';

/** @param environment the function's variables @returns the function, on these resources */
export function wireArchive(
  environment: FunctionEnvironment<'archive'>,
  { s3 }: Pick<Resources, 's3'>,
): (event: KinesisStreamEvent) => Promise<KinesisStreamBatchResponse> {
  const dependencies = {
    archive: new ArchiveBucket(s3, environment.DRAWS_BUCKET),
    streams: {
      user: environment.USER_EVENTS_OUTPUT_STREAM,
      lottery: environment.LOTTERY_EVENTS_OUTPUT_STREAM,
    },
  };
  return (event) => processArchive(event, dependencies);
}
