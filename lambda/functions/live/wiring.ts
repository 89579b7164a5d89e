import type { S3Client } from '@aws-sdk/client-s3';
import { DynamoTable } from '../../adapters/dynamo-table.ts';
import { LiveListTable } from '../../adapters/live-list-table.ts';
import { BucketSnapshots } from '../../adapters/live-snapshots.ts';
import { LiveTable } from '../../adapters/live-table.ts';
import { LotteriesTable } from '../../adapters/lotteries-table.ts';
import { MissedRuns } from '../../adapters/missed-runs.ts';
import { batchFunction } from '../../batch/batch-function.ts';
import type { FunctionEnvironment } from '../../contract/variables.ts';
import type { Connector } from '../../ports/connector.ts';
import type { LiveMessages } from '../../ports/live.ts';
import type { Resources } from '../resources.ts';
import { processLive } from './process.ts';

/** @param environment the function's variables @returns the function, on these resources and outer streams */
export function wireLive<Event, Response>(
  environment: FunctionEnvironment<'live'>,
  {
    dynamo,
    s3,
    retry,
    now,
    telemetry,
    messages,
  }: Pick<Resources, 'dynamo' | 'retry' | 'now' | 'telemetry'> & {
    readonly s3: S3Client;
    readonly messages: LiveMessages;
  },
  { source }: Pick<Connector<Event, Response>, 'source'>,
): (event: Event) => Promise<Response> {
  const table = new DynamoTable(dynamo, environment.LIVE_TABLE, retry);
  const live = new LiveTable(table, now);
  const dependencies = {
    ...{ parts: live, publications: live, list: new LiveListTable(table, now) },
    ...{ snapshots: new BucketSnapshots(s3, environment.SITE_BUCKET), messages },
    runs: new MissedRuns(new LotteriesTable(dynamo, environment.LOTTERIES_TABLE, retry), now),
    ...{ telemetry, now, sleep: retry.sleep },
  };
  return batchFunction(source, (records) => processLive(records, dependencies));
}
