import { DynamoTable } from '../../adapters/dynamo-table.ts';
import { KmsReceiptKeys } from '../../adapters/kms-receipts.ts';
import { LotteriesTable } from '../../adapters/lotteries-table.ts';
import { SeedsTable } from '../../adapters/seeds-table.ts';
import { SqsTickQueue } from '../../adapters/sqs-tick-queue.ts';
import { WatermarksTable } from '../../adapters/watermarks-table.ts';
import { batchFunction } from '../../batch/batch-function.ts';
import type { FunctionEnvironment } from '../../contract/variables.ts';
import { readNumber } from '../../contract/variables.ts';
import type { Connector } from '../../ports/connector.ts';
import type { Resources } from '../resources.ts';
import { aggregatesOutputs, beaconOf, isReplay, retentionMs, windowTiming } from '../settings.ts';
import { Watermarks } from '../watermarks.ts';
import type { LotteryEventsDependencies } from './process.ts';
import { processLotteryEvents } from './process.ts';

/** @param environment the function's variables @returns the function, on these resources and outer streams */
export function wireLotteryEvents<Event, Response>(
  environment: FunctionEnvironment<'lottery-events'>,
  {
    dynamo,
    sqs,
    kms,
    telemetry,
    now,
    retry,
    newSeed,
  }: Omit<Resources, 'kinesis' | 's3' | 'fetch' | 'verifyBeacon'>,
  connector: Connector<Event, Response>,
): (event: Event) => Promise<Response> {
  const lotteries = new LotteriesTable(dynamo, environment.LOTTERIES_TABLE, retry);
  const table = (name: string) => new DynamoTable(dynamo, name, retry);
  const progress = new WatermarksTable(dynamo, table(environment.WATERMARKS_TABLE));
  const timing = windowTiming(environment);
  const marginMs = readNumber(environment, 'MARGIN_MILLISECONDS');
  const dependencies: LotteryEventsDependencies = {
    settings: {
      ...{ timing, marginMs, isReplay: isReplay(environment) },
      retentionMs: connector.comesAgainForMs(retentionMs(environment)),
      beacon: beaconOf(environment),
    },
    lotteries,
    runs: lotteries,
    seeds: new SeedsTable(table(environment.SEEDS_TABLE)),
    receiptKeys: new KmsReceiptKeys(kms, environment.RECEIPTS_KEY_ID, retry),
    outputs: connector.publisher(environment.LOTTERY_EVENTS_OUTPUT_STREAM, aggregatesOutputs(environment)),
    ticks: new SqsTickQueue(sqs, environment.TICKS_QUEUE_URL, now, retry),
    watermarks: new Watermarks('lottery', progress, { timing, marginMs }),
    telemetry,
    now,
    newSeed,
    sleep: retry.sleep,
    random: retry.random,
  };
  return batchFunction(connector.source, (records) => processLotteryEvents(records, dependencies));
}
