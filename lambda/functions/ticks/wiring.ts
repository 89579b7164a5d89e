import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { KinesisPublisher } from '../../adapters/kinesis-publisher.ts';
import { SqsTickQueue } from '../../adapters/sqs-tick-queue.ts';
import type { FunctionEnvironment } from '../../contract/variables.ts';
import type { Resources } from '../resources.ts';
import type { TicksDependencies } from './process.ts';
import { processTicks } from './process.ts';

/** @param environment the function's variables @returns the function, on these resources */
export function wireTicks(
  environment: FunctionEnvironment<'ticks'>,
  { kinesis, sqs, telemetry, now, retry }: Pick<Resources, 'kinesis' | 'sqs' | 'telemetry' | 'now' | 'retry'>,
): (event: SQSEvent) => Promise<SQSBatchResponse> {
  const dependencies: TicksDependencies = {
    entries: new KinesisPublisher(kinesis, environment.ENTRIES_STREAM, retry),
    queue: new SqsTickQueue(sqs, environment.TICKS_QUEUE_URL, now, retry),
    telemetry,
    now,
  };
  return (event) => processTicks(event, dependencies);
}
