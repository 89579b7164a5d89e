import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { DynamoTable } from '../../adapters/dynamo-table.ts';
import { KinesisPublisher } from '../../adapters/kinesis-publisher.ts';
import { SqsTickQueue } from '../../adapters/sqs-tick-queue.ts';
import { WatermarksTable } from '../../adapters/watermarks-table.ts';
import type { FunctionEnvironment } from '../../contract/variables.ts';
import type { Connector } from '../../ports/connector.ts';
import type { Resources } from '../resources.ts';
import { isReplay } from '../settings.ts';
import { InputCompleteness } from './completeness.ts';
import type { TicksDependencies } from './process.ts';
import { processTicks } from './process.ts';

/** @param environment the function's variables @returns the function, on these resources and outer streams */
export function wireTicks(
  environment: FunctionEnvironment<'ticks'>,
  {
    dynamo,
    kinesis,
    sqs,
    telemetry,
    now,
    retry,
  }: Pick<Resources, 'dynamo' | 'kinesis' | 'sqs' | 'telemetry' | 'now' | 'retry'>,
  connector: Pick<Connector<unknown, unknown>, 'inputs'>,
): (event: SQSEvent) => Promise<SQSBatchResponse> {
  const { LOTTERY_EVENTS_INPUT_STREAM: lottery, USER_EVENTS_INPUT_STREAM: user } = environment;
  const watermarks = new WatermarksTable(
    dynamo,
    new DynamoTable(dynamo, environment.WATERMARKS_TABLE, retry),
    isReplay(environment) ? 'clock' : 'arrival',
  );
  const inputs = connector.inputs({ lottery, user });
  const dependencies: TicksDependencies = {
    isReplay: isReplay(environment),
    entries: new KinesisPublisher(kinesis, environment.ENTRIES_STREAM, retry),
    queue: new SqsTickQueue(sqs, environment.TICKS_QUEUE_URL, now, retry),
    completeness: new InputCompleteness({
      ...{ isReplay: isReplay(environment), store: watermarks, watermarks },
      ...{ shards: inputs, heartbeats: inputs, telemetry, now, sleep: retry.sleep },
    }),
    telemetry,
    now,
    sleep: retry.sleep,
  };
  return (event) => processTicks(event, dependencies);
}
