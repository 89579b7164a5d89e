import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { KinesisStreamBatchResponse, KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';

/**
 * The obvious way, for comparison: one UpdateItem and one PutRecord per click, as many at a time as the sockets
 * take. It has no windows, no replay and no draw: a function that does less, and a crash spends a coupon twice.
 */

const sockets = 64;
const requestHandler = () =>
  new NodeHttpHandler({
    httpAgent: { maxSockets: sockets, keepAlive: true },
    socketAcquisitionWarningTimeout: 600_000,
  });
const dynamo = new DynamoDBClient({ requestHandler: requestHandler() });
const kinesis = new KinesisClient({ requestHandler: requestHandler() });
const { USERS_TABLE = '', USER_EVENTS_OUTPUT_STREAM = '' } = process.env;

interface Click {
  readonly userId: number;
  readonly lotteryId: number;
}

export async function handler({ Records }: KinesisStreamEvent): Promise<KinesisStreamBatchResponse> {
  const queue = Records.values();
  const worker = async () => {
    for (const record of queue) await processClick(record);
  };
  await Promise.all(Array.from({ length: sockets }, worker));
  return { batchItemFailures: [] };
}

/** Spends a coupon and says so. */
export async function processClick({ kinesis: { data }, eventID }: KinesisStreamRecord): Promise<void> {
  const { userId, lotteryId }: Click = JSON.parse(Buffer.from(data, 'base64').toString('utf8'));
  const { Attributes } = await dynamo.send(
    new UpdateItemCommand({
      TableName: USERS_TABLE,
      Key: { userId: { S: String(userId) } },
      UpdateExpression: 'SET coupons = coupons - :one',
      ConditionExpression: 'coupons >= :one',
      ExpressionAttributeValues: { ':one': { N: '1' } },
      ReturnValues: 'UPDATED_NEW',
    }),
  );
  const outcome = {
    type: 'ClickAcceptedEvent',
    userId,
    lotteryId,
    entryId: eventID,
    availableCoupons: Attributes?.coupons?.N,
  };
  await kinesis.send(
    new PutRecordCommand({
      StreamName: USER_EVENTS_OUTPUT_STREAM,
      PartitionKey: String(userId),
      Data: Buffer.from(JSON.stringify(outcome)),
    }),
  );
}
