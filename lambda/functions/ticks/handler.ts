import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { kinesisClient, sqsClient } from '../../adapters/clients.ts';
import { KinesisPublisher } from '../../adapters/kinesis-publisher.ts';
import { PowertoolsTelemetry } from '../../adapters/powertools-telemetry.ts';
import { SqsTickQueue } from '../../adapters/sqs-tick-queue.ts';
import { readEnvironment } from '../../contract/variables.ts';
import type { TicksDependencies } from './process.ts';
import { processTicks } from './process.ts';

const environment = readEnvironment('ticks', process.env);
const telemetry = new PowertoolsTelemetry();

const dependencies: TicksDependencies = {
  entries: new KinesisPublisher(kinesisClient(), environment.ENTRIES_STREAM),
  queue: new SqsTickQueue(sqsClient(), environment.TICKS_QUEUE_URL, Date.now),
  telemetry,
  now: Date.now,
};

export function handler(event: SQSEvent): Promise<SQSBatchResponse> {
  return telemetry.around(() => processTicks(event, dependencies));
}
