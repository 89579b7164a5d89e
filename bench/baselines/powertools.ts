import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type {
  Context,
  KinesisStreamBatchResponse,
  KinesisStreamEvent,
  KinesisStreamRecord,
} from 'aws-lambda';
import { processClick } from './update-per-click.ts';

/**
 * The same with Powertools, as its documentation puts batch processing and idempotency together: each record is
 * processed once, which takes two more writes of a record of idempotency for each click.
 */

const processor = new BatchProcessor(EventType.KinesisDataStreams);
const persistenceStore = new DynamoDBPersistenceLayer({
  tableName: process.env.IDEMPOTENCY_TABLE ?? '',
  awsSdkV3Client: new DynamoDBClient({
    requestHandler: new NodeHttpHandler({
      httpAgent: { maxSockets: 64, keepAlive: true },
      // It starts all records of a batch at once: that they wait for a socket is no news.
      socketAcquisitionWarningTimeout: 600_000,
    }),
  }),
});
const config = new IdempotencyConfig({ eventKeyJmesPath: 'eventID' });

const processOnce = makeIdempotent(
  async (record: KinesisStreamRecord): Promise<string> => {
    await processClick(record);
    return record.eventID;
  },
  { persistenceStore, config },
);

export async function handler(
  event: KinesisStreamEvent,
  context: Context,
): Promise<KinesisStreamBatchResponse> {
  config.registerLambdaContext(context);
  const { batchItemFailures } = await processPartialResponse(event, processOnce, processor, { context });
  return { batchItemFailures };
}
