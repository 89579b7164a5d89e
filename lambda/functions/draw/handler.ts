import type { KinesisStreamTumblingWindowEvent } from 'aws-lambda';
import { CachedSeeds } from '../../adapters/cached-seeds.ts';
import { dynamoClient, kinesisClient, sqsClient } from '../../adapters/clients.ts';
import { DrawsTable } from '../../adapters/draws-table.ts';
import { DynamoTable } from '../../adapters/dynamo-table.ts';
import { KinesisPublisher } from '../../adapters/kinesis-publisher.ts';
import { LotteriesTable } from '../../adapters/lotteries-table.ts';
import { PowertoolsTelemetry } from '../../adapters/powertools-telemetry.ts';
import { SeedsTable } from '../../adapters/seeds-table.ts';
import { SqsTickQueue } from '../../adapters/sqs-tick-queue.ts';
import { readEnvironment } from '../../contract/variables.ts';
import { drawTiming } from '../settings.ts';
import { TickRequests } from '../ticks/requests.ts';
import type { DrawDependencies } from './dependencies.ts';
import type { DrawResponse } from './process.ts';
import { processEntries } from './process.ts';

const environment = readEnvironment('draw', process.env);
const dynamo = dynamoClient();
const kinesis = kinesisClient();
const telemetry = new PowertoolsTelemetry();

const dependencies: DrawDependencies = {
  settings: drawTiming(environment),
  lotteries: new LotteriesTable(dynamo, environment.LOTTERIES_TABLE),
  seeds: new CachedSeeds(new SeedsTable(new DynamoTable(dynamo, environment.SEEDS_TABLE))),
  draws: new DrawsTable(dynamo, environment.DRAWS_TABLE),
  lotteryOutputs: new KinesisPublisher(kinesis, environment.LOTTERY_EVENTS_OUTPUT_STREAM),
  userOutputs: new KinesisPublisher(kinesis, environment.USER_EVENTS_OUTPUT_STREAM),
  userInputs: new KinesisPublisher(kinesis, environment.USER_EVENTS_INPUT_STREAM),
  entries: new KinesisPublisher(kinesis, environment.ENTRIES_STREAM),
  ticks: new TickRequests(
    new SqsTickQueue(sqsClient(), environment.TICKS_QUEUE_URL, Date.now),
    drawTiming(environment),
  ),
  telemetry,
  now: Date.now,
};

export function handler(event: KinesisStreamTumblingWindowEvent): Promise<DrawResponse> {
  return telemetry.around(() => processEntries(event, dependencies));
}
