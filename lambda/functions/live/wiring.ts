import type { S3Client } from '@aws-sdk/client-s3';
import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { DynamoTable } from '../../adapters/dynamo-table.ts';
import { LiveListTable } from '../../adapters/live-list-table.ts';
import { BucketSnapshots } from '../../adapters/live-snapshots.ts';
import { LiveTable } from '../../adapters/live-table.ts';
import type { FunctionEnvironment } from '../../contract/variables.ts';
import type { LiveMessages } from '../../ports/live.ts';
import type { Resources } from '../resources.ts';
import { processLive } from './process.ts';

/** @returns the function, on these resources */
export function wireLive(
  environment: FunctionEnvironment<'live'>,
  {
    dynamo,
    s3,
    retry,
    now,
    messages,
  }: Pick<Resources, 'dynamo' | 'retry' | 'now'> & {
    readonly s3: S3Client;
    readonly messages: LiveMessages;
  },
): (event: KinesisStreamEvent) => Promise<KinesisStreamBatchResponse> {
  const table = new DynamoTable(dynamo, environment.LIVE_TABLE, retry);
  const live = new LiveTable(table, now);
  const dependencies = {
    ...{ parts: live, publications: live, list: new LiveListTable(table, now) },
    ...{ snapshots: new BucketSnapshots(s3, environment.SITE_BUCKET), messages },
    ...{ now, sleep: retry.sleep },
  };
  return (event) => processLive(event, dependencies);
}
