import { ArchiveBucket } from '../../adapters/archive-bucket.ts';
import { batchFunction } from '../../batch/batch-function.ts';
import type { FunctionEnvironment } from '../../contract/variables.ts';
import type { Connector } from '../../ports/connector.ts';
import type { Resources } from '../resources.ts';
import { processArchive } from './process.ts';

/** @param environment the function's variables @returns the function, on these resources and outer streams */
export function wireArchive<Event, Response>(
  environment: FunctionEnvironment<'archive'>,
  { s3 }: Pick<Resources, 's3'>,
  { source }: Pick<Connector<Event, Response>, 'source'>,
): (event: Event) => Promise<Response> {
  const dependencies = {
    archive: new ArchiveBucket(s3, environment.DRAWS_BUCKET),
    streams: {
      user: environment.USER_EVENTS_OUTPUT_STREAM,
      lottery: environment.LOTTERY_EVENTS_OUTPUT_STREAM,
    },
  };
  return batchFunction(source, (records) => processArchive(records, dependencies));
}
