import { CachedLotteries } from '../../adapters/cached-lotteries.ts';
import { ContentBucket } from '../../adapters/content-bucket.ts';
import { DynamoTable } from '../../adapters/dynamo-table.ts';
import { GrantsTable } from '../../adapters/grants-table.ts';
import { KinesisPublisher } from '../../adapters/kinesis-publisher.ts';
import { KmsReceiptSigner } from '../../adapters/kms-receipts.ts';
import { LotteriesTable } from '../../adapters/lotteries-table.ts';
import { RefundsTable } from '../../adapters/refunds-table.ts';
import { UsersTable } from '../../adapters/users-table.ts';
import { WatermarksTable } from '../../adapters/watermarks-table.ts';
import { batchFunction } from '../../batch/batch-function.ts';
import type { FunctionEnvironment } from '../../contract/variables.ts';
import { readNumber } from '../../contract/variables.ts';
import type { Connector } from '../../ports/connector.ts';
import type { Resources } from '../resources.ts';
import { aggregatesOutputs, clockToleranceMs, isReplay, retentionMs, windowTiming } from '../settings.ts';
import { Watermarks } from '../watermarks.ts';
import type { UserEventsDependencies } from './dependencies.ts';
import { processUserEvents } from './process.ts';
import { ReplayClock } from './replay-clock.ts';

/** @param environment the function's variables @returns the function, on these resources and outer streams */
export function wireUserEvents<Event, Response>(
  environment: FunctionEnvironment<'user-events'>,
  {
    dynamo,
    kinesis,
    s3,
    kms,
    telemetry,
    now,
    retry,
  }: Pick<Resources, 'dynamo' | 'kinesis' | 's3' | 'kms' | 'telemetry' | 'now' | 'retry'>,
  connector: Connector<Event, Response>,
): (event: Event) => Promise<Response> {
  const marginMs = readNumber(environment, 'MARGIN_MILLISECONDS');
  const table = (name: string) => new DynamoTable(dynamo, name, retry);
  const progress = new WatermarksTable(dynamo, table(environment.WATERMARKS_TABLE));
  const shards = connector.inputs({ user: environment.USER_EVENTS_INPUT_STREAM });
  const dependencies: UserEventsDependencies = {
    settings: {
      ...{ marginMs, toleranceMs: clockToleranceMs(environment) },
      retentionMs: connector.comesAgainForMs(retentionMs(environment)),
    },
    users: new UsersTable(table(environment.USERS_TABLE)),
    lotteries: new CachedLotteries(new LotteriesTable(dynamo, environment.LOTTERIES_TABLE, retry), now),
    refunds: new RefundsTable(dynamo, table(environment.REFUNDS_TABLE)),
    grants: new GrantsTable(dynamo, table(environment.GRANTS_TABLE)),
    blocks: new ContentBucket(s3, environment.DRAWS_BUCKET, 'blocks'),
    signer: new KmsReceiptSigner(kms, environment.RECEIPTS_KEY_ID, retry),
    outputs: connector.publisher(environment.USER_EVENTS_OUTPUT_STREAM, aggregatesOutputs(environment)),
    entries: new KinesisPublisher(kinesis, environment.ENTRIES_STREAM, retry),
    watermarks: new Watermarks('user', progress, { timing: windowTiming(environment), marginMs }),
    replayClock: isReplay(environment) ? new ReplayClock(progress, shards) : undefined,
    telemetry,
    now,
    sleep: retry.sleep,
    random: retry.random,
  };
  return batchFunction(connector.source, (records) => processUserEvents(records, dependencies));
}
