import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { CachedLotteries } from '../../adapters/cached-lotteries.ts';
import { CachedSeeds } from '../../adapters/cached-seeds.ts';
import { DrawsTable } from '../../adapters/draws-table.ts';
import { DynamoTable } from '../../adapters/dynamo-table.ts';
import { KinesisPublisher } from '../../adapters/kinesis-publisher.ts';
import { LotteriesTable } from '../../adapters/lotteries-table.ts';
import { SeedsTable } from '../../adapters/seeds-table.ts';
import { SqsTickQueue } from '../../adapters/sqs-tick-queue.ts';
import { UsersTable } from '../../adapters/users-table.ts';
import type { FunctionEnvironment } from '../../contract/variables.ts';
import { readNumber } from '../../contract/variables.ts';
import type { Resources } from '../resources.ts';
import { clockToleranceMs, drawTiming, retentionMs } from '../settings.ts';
import { TickRequests } from '../ticks/requests.ts';
import type { UserEventsDependencies } from './dependencies.ts';
import { processUserEvents } from './process.ts';

/** @param environment the function's variables @returns the function, on these resources */
export function wireUserEvents(
  environment: FunctionEnvironment<'user-events'>,
  {
    dynamo,
    kinesis,
    sqs,
    telemetry,
    now,
    retry,
  }: Pick<Resources, 'dynamo' | 'kinesis' | 'sqs' | 'telemetry' | 'now' | 'retry'>,
): (event: KinesisStreamEvent) => Promise<KinesisStreamBatchResponse> {
  const dependencies: UserEventsDependencies = {
    settings: {
      ...drawTiming(environment),
      toleranceMs: clockToleranceMs(environment),
      retentionMs: retentionMs(environment),
      parallelizationFactor: readNumber(environment, 'PARALLELIZATION_FACTOR'),
    },
    users: new UsersTable(new DynamoTable(dynamo, environment.USERS_TABLE, retry)),
    lotteries: new CachedLotteries(new LotteriesTable(dynamo, environment.LOTTERIES_TABLE, retry), now),
    seeds: new CachedSeeds(new SeedsTable(new DynamoTable(dynamo, environment.SEEDS_TABLE, retry))),
    refunds: new DrawsTable(dynamo, environment.DRAWS_TABLE, retry),
    outputs: new KinesisPublisher(kinesis, environment.USER_EVENTS_OUTPUT_STREAM, retry),
    entries: new KinesisPublisher(kinesis, environment.ENTRIES_STREAM, retry),
    ticks: new TickRequests(
      new SqsTickQueue(sqs, environment.TICKS_QUEUE_URL, now, retry),
      drawTiming(environment),
    ),
    telemetry,
    now,
    sleep: retry.sleep,
  };
  return (event) => processUserEvents(event, dependencies);
}
