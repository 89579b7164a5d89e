import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { DynamoTable } from '../../adapters/dynamo-table.ts';
import { KinesisPublisher } from '../../adapters/kinesis-publisher.ts';
import { LotteriesTable } from '../../adapters/lotteries-table.ts';
import { SeedsTable } from '../../adapters/seeds-table.ts';
import { SqsTickQueue } from '../../adapters/sqs-tick-queue.ts';
import type { FunctionEnvironment } from '../../contract/variables.ts';
import { readNumber } from '../../contract/variables.ts';
import type { Resources } from '../resources.ts';
import { drawTiming, retentionMs } from '../settings.ts';
import type { LotteryEventsDependencies } from './process.ts';
import { processLotteryEvents } from './process.ts';

/** @param environment the function's variables @returns the function, on these resources */
export function wireLotteryEvents(
  environment: FunctionEnvironment<'lottery-events'>,
  { dynamo, kinesis, sqs, telemetry, now, retry, newSeed }: Resources,
): (event: KinesisStreamEvent) => Promise<KinesisStreamBatchResponse> {
  const lotteries = new LotteriesTable(dynamo, environment.LOTTERIES_TABLE, retry);
  const dependencies: LotteryEventsDependencies = {
    settings: {
      ...drawTiming(environment),
      retentionMs: retentionMs(environment),
      parallelizationFactor: readNumber(environment, 'PARALLELIZATION_FACTOR'),
    },
    lotteries,
    runs: lotteries,
    seeds: new SeedsTable(new DynamoTable(dynamo, environment.SEEDS_TABLE, retry)),
    outputs: new KinesisPublisher(kinesis, environment.LOTTERY_EVENTS_OUTPUT_STREAM, retry),
    entries: new KinesisPublisher(kinesis, environment.ENTRIES_STREAM, retry),
    ticks: new SqsTickQueue(sqs, environment.TICKS_QUEUE_URL, now, retry),
    telemetry,
    now,
    newSeed,
    sleep: retry.sleep,
  };
  return (event) => processLotteryEvents(event, dependencies);
}
