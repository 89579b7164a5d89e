import type { KinesisStreamTumblingWindowEvent } from 'aws-lambda';
import { CachedSeeds } from '../../adapters/cached-seeds.ts';
import { ClosedDraws } from '../../adapters/closed-draws.ts';
import { BucketBlocks, BucketSheets, ContentBucket } from '../../adapters/content-bucket.ts';
import { DrandBeacon } from '../../adapters/drand-beacon.ts';
import { DrawsTable } from '../../adapters/draws-table.ts';
import { DynamoTable } from '../../adapters/dynamo-table.ts';
import { LongTexts } from '../../adapters/long-texts.ts';
import { LotteriesTable } from '../../adapters/lotteries-table.ts';
import { OpenDrawsTable } from '../../adapters/open-draws-table.ts';
import { RefundsTable } from '../../adapters/refunds-table.ts';
import { SeedsTable } from '../../adapters/seeds-table.ts';
import { SqsTickQueue } from '../../adapters/sqs-tick-queue.ts';
import type { FunctionEnvironment } from '../../contract/variables.ts';
import type { Connector } from '../../ports/connector.ts';
import type { Resources } from '../resources.ts';
import { aggregatesOutputs, isReplay } from '../settings.ts';
import type { DrawDependencies } from './dependencies.ts';
import type { DrawResponse } from './process.ts';
import { processEntries } from './process.ts';

/** @param environment the function's variables @returns the function, on these resources and outer streams */
export function wireDraw(
  environment: FunctionEnvironment<'draw'>,
  {
    dynamo,
    sqs,
    s3,
    fetch,
    verifyBeacon,
    telemetry,
    now,
    retry,
  }: Omit<Resources, 'kinesis' | 'newSeed' | 'kms'>,
  connector: Pick<Connector<unknown, unknown>, 'publisher'>,
): (event: KinesisStreamTumblingWindowEvent) => Promise<DrawResponse> {
  const table = (name: string) => new DynamoTable(dynamo, name, retry);
  const draws = table(environment.DRAWS_TABLE);
  const lists = new ContentBucket(s3, environment.DRAWS_BUCKET, 'lists');
  const texts = new LongTexts(lists);
  const mirrors = environment.BEACON_URLS.split(',');
  const dependencies: DrawDependencies = {
    isReplay: isReplay(environment),
    lotteries: new LotteriesTable(dynamo, environment.LOTTERIES_TABLE, retry),
    seeds: new CachedSeeds(new SeedsTable(table(environment.SEEDS_TABLE))),
    draws: new DrawsTable(draws, texts),
    closedDraws: new ClosedDraws(draws, texts),
    sheets: new BucketSheets(s3, environment.DRAWS_BUCKET),
    beacon: new DrandBeacon(mirrors, { fetch, verify: verifyBeacon, telemetry, now }),
    refunds: new RefundsTable(dynamo, table(environment.REFUNDS_TABLE)),
    openDraws: new OpenDrawsTable(draws, lists),
    blocks: new BucketBlocks(s3, environment.DRAWS_BUCKET),
    lotteryOutputs: connector.publisher(
      environment.LOTTERY_EVENTS_OUTPUT_STREAM,
      aggregatesOutputs(environment),
    ),
    userInputs: connector.publisher(environment.USER_EVENTS_INPUT_STREAM),
    ticks: new SqsTickQueue(sqs, environment.TICKS_QUEUE_URL, now, retry),
    telemetry,
    now,
  };
  return (event) => processEntries(event, dependencies);
}
