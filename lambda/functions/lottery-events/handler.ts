import { randomBytes } from 'node:crypto';
import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { dynamoClient, kinesisClient, sqsClient } from '../../adapters/clients.ts';
import { DynamoTable } from '../../adapters/dynamo-table.ts';
import { KinesisPublisher } from '../../adapters/kinesis-publisher.ts';
import { LotteriesTable } from '../../adapters/lotteries-table.ts';
import { PowertoolsTelemetry } from '../../adapters/powertools-telemetry.ts';
import { sleep } from '../../adapters/retry.ts';
import { SeedsTable } from '../../adapters/seeds-table.ts';
import { SqsTickQueue } from '../../adapters/sqs-tick-queue.ts';
import { readEnvironment, readNumber } from '../../contract/variables.ts';
import { drawTiming, retentionMs } from '../settings.ts';
import type { LotteryEventsDependencies } from './process.ts';
import { processLotteryEvents } from './process.ts';

const environment = readEnvironment('lottery-events', process.env);
const kinesis = kinesisClient();
const dynamo = dynamoClient();
const lotteries = new LotteriesTable(dynamo, environment.LOTTERIES_TABLE);
const telemetry = new PowertoolsTelemetry();

const dependencies: LotteryEventsDependencies = {
  settings: {
    ...drawTiming(environment),
    retentionMs: retentionMs(environment),
    parallelizationFactor: readNumber(environment, 'PARALLELIZATION_FACTOR'),
  },
  lotteries,
  runs: lotteries,
  seeds: new SeedsTable(new DynamoTable(dynamo, environment.SEEDS_TABLE)),
  outputs: new KinesisPublisher(kinesis, environment.LOTTERY_EVENTS_OUTPUT_STREAM),
  entries: new KinesisPublisher(kinesis, environment.ENTRIES_STREAM),
  ticks: new SqsTickQueue(sqsClient(), environment.TICKS_QUEUE_URL, Date.now),
  telemetry,
  now: Date.now,
  newSeed: () => randomBytes(32).toString('hex'),
  sleep,
};

export function handler(event: KinesisStreamEvent): Promise<KinesisStreamBatchResponse> {
  return telemetry.around(() => processLotteryEvents(event, dependencies));
}
