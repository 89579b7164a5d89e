import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { CachedLotteries } from '../../adapters/cached-lotteries.ts';
import { CachedSeeds } from '../../adapters/cached-seeds.ts';
import { dynamoClient, kinesisClient, sqsClient } from '../../adapters/clients.ts';
import { DrawsTable } from '../../adapters/draws-table.ts';
import { DynamoTable } from '../../adapters/dynamo-table.ts';
import { KinesisPublisher } from '../../adapters/kinesis-publisher.ts';
import { LotteriesTable } from '../../adapters/lotteries-table.ts';
import { PowertoolsTelemetry } from '../../adapters/powertools-telemetry.ts';
import { sleep } from '../../adapters/retry.ts';
import { SeedsTable } from '../../adapters/seeds-table.ts';
import { SqsTickQueue } from '../../adapters/sqs-tick-queue.ts';
import { UsersTable } from '../../adapters/users-table.ts';
import { readEnvironment, readNumber } from '../../contract/variables.ts';
import { clockToleranceMs, drawTiming, retentionMs } from '../settings.ts';
import { TickRequests } from '../ticks/requests.ts';
import type { UserEventsDependencies } from './dependencies.ts';
import { processUserEvents } from './process.ts';

const environment = readEnvironment('user-events', process.env);
const dynamo = dynamoClient();
const kinesis = kinesisClient();
const telemetry = new PowertoolsTelemetry();

const dependencies: UserEventsDependencies = {
  settings: {
    ...drawTiming(environment),
    toleranceMs: clockToleranceMs(environment),
    retentionMs: retentionMs(environment),
    parallelizationFactor: readNumber(environment, 'PARALLELIZATION_FACTOR'),
  },
  users: new UsersTable(new DynamoTable(dynamo, environment.USERS_TABLE)),
  lotteries: new CachedLotteries(new LotteriesTable(dynamo, environment.LOTTERIES_TABLE), Date.now),
  seeds: new CachedSeeds(new SeedsTable(new DynamoTable(dynamo, environment.SEEDS_TABLE))),
  refunds: new DrawsTable(dynamo, environment.DRAWS_TABLE),
  outputs: new KinesisPublisher(kinesis, environment.USER_EVENTS_OUTPUT_STREAM),
  entries: new KinesisPublisher(kinesis, environment.ENTRIES_STREAM),
  ticks: new TickRequests(
    new SqsTickQueue(sqsClient(), environment.TICKS_QUEUE_URL, Date.now),
    drawTiming(environment),
  ),
  telemetry,
  now: Date.now,
  sleep,
};

export function handler(event: KinesisStreamEvent): Promise<KinesisStreamBatchResponse> {
  return telemetry.around(() => processUserEvents(event, dependencies));
}
