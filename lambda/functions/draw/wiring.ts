import type { KinesisStreamTumblingWindowEvent } from 'aws-lambda';
import { CachedSeeds } from '../../adapters/cached-seeds.ts';
import { DrawsTable } from '../../adapters/draws-table.ts';
import { DynamoTable } from '../../adapters/dynamo-table.ts';
import { KinesisPublisher } from '../../adapters/kinesis-publisher.ts';
import { LotteriesTable } from '../../adapters/lotteries-table.ts';
import { SeedsTable } from '../../adapters/seeds-table.ts';
import { SqsTickQueue } from '../../adapters/sqs-tick-queue.ts';
import type { FunctionEnvironment } from '../../contract/variables.ts';
import type { Resources } from '../resources.ts';
import { drawTiming } from '../settings.ts';
import { TickRequests } from '../ticks/requests.ts';
import type { DrawDependencies } from './dependencies.ts';
import type { DrawResponse } from './process.ts';
import { processEntries } from './process.ts';

/** @param environment the function's variables @returns the function, on these resources */
export function wireDraw(
  environment: FunctionEnvironment<'draw'>,
  {
    dynamo,
    kinesis,
    sqs,
    telemetry,
    now,
    retry,
  }: Pick<Resources, 'dynamo' | 'kinesis' | 'sqs' | 'telemetry' | 'now' | 'retry'>,
): (event: KinesisStreamTumblingWindowEvent) => Promise<DrawResponse> {
  const dependencies: DrawDependencies = {
    settings: drawTiming(environment),
    lotteries: new LotteriesTable(dynamo, environment.LOTTERIES_TABLE, retry),
    seeds: new CachedSeeds(new SeedsTable(new DynamoTable(dynamo, environment.SEEDS_TABLE, retry))),
    draws: new DrawsTable(dynamo, environment.DRAWS_TABLE, retry),
    lotteryOutputs: new KinesisPublisher(kinesis, environment.LOTTERY_EVENTS_OUTPUT_STREAM, retry),
    userOutputs: new KinesisPublisher(kinesis, environment.USER_EVENTS_OUTPUT_STREAM, retry),
    userInputs: new KinesisPublisher(kinesis, environment.USER_EVENTS_INPUT_STREAM, retry),
    entries: new KinesisPublisher(kinesis, environment.ENTRIES_STREAM, retry),
    ticks: new TickRequests(
      new SqsTickQueue(sqs, environment.TICKS_QUEUE_URL, now, retry),
      drawTiming(environment),
    ),
    telemetry,
    now,
  };
  return (event) => processEntries(event, dependencies);
}
