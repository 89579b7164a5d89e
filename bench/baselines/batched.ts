import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type {
  Context,
  KinesisStreamBatchResponse,
  KinesisStreamEvent,
  KinesisStreamRecord,
} from 'aws-lambda';
import { spendCoupons } from './spend-coupons.ts';

/**
 * What a team writes that knows its tools: Powertools for partial failures, the document client, one conditional UpdateItem
 * a user and batch, 500 outcomes a PutRecords, as many calls at a time as there are sockets, no logger in the clients. It
 * has no windows, no draws, no receipts, and no rejections but for coupons.
 */

const sockets = 64;
const requestHandler = () =>
  new NodeHttpHandler({
    httpAgent: { maxSockets: sockets, keepAlive: true },
    httpsAgent: { maxSockets: sockets, keepAlive: true },
    // Powertools starts all records of a batch at once: that they wait for a socket is no news.
    socketAcquisitionWarningTimeout: 600_000,
  });
const dynamo = new DynamoDBClient({ requestHandler: requestHandler() });
const kinesis = new KinesisClient({ requestHandler: requestHandler() });
dynamo.middlewareStack.removeByTag('LOGGER');
kinesis.middlewareStack.removeByTag('LOGGER');
const documents = DynamoDBDocumentClient.from(dynamo);
const { USERS_TABLE: table = '', USER_EVENTS_OUTPUT_STREAM } = process.env;
const recordsPerPut = 500;

interface Click {
  readonly userId: number;
  readonly lotteryId: number;
}

interface Outcome {
  readonly PartitionKey: string;
  readonly Data: Uint8Array;
}

/** A user's clicks of a batch, which succeed or fail together. */
interface Group {
  readonly clicks: Click[];
  readonly records: KinesisStreamRecord[];
  spent?: Promise<void>;
}

const processor = new BatchProcessor(EventType.KinesisDataStreams);

export async function handler(
  event: KinesisStreamEvent,
  context: Context,
): Promise<KinesisStreamBatchResponse> {
  const groups = groupsOf(event);
  const outcomes: Outcome[] = [];
  const settle = (record: KinesisStreamRecord): Promise<void> => {
    const group = groups.get(record.kinesis.partitionKey);
    if (group === undefined) throw new Error(`Record ${record.eventID} is of no user`);
    group.spent ??= spend(group, outcomes);
    return group.spent;
  };
  const { batchItemFailures } = await processPartialResponse(event, settle, processor, { context });
  await publish(outcomes);
  return { batchItemFailures };
}

function groupsOf({ Records }: KinesisStreamEvent): Map<string, Group> {
  const groups = new Map<string, Group>();
  for (const record of Records) {
    const { data, partitionKey } = record.kinesis;
    const group = groups.get(partitionKey) ?? { clicks: [], records: [] };
    group.clicks.push(JSON.parse(atob(data)));
    group.records.push(record);
    groups.set(partitionKey, group);
  }
  return groups;
}

/** Spends a coupon a click, as far as there are coupons, and says so. */
async function spend({ clicks, records }: Group, outcomes: Outcome[]): Promise<void> {
  const [first] = clicks;
  const last = records.at(-1);
  if (first === undefined || last === undefined) return;
  const [shardId = '', position = ''] = last.eventID.split(':');
  const wanted = { table, userId: String(first.userId), shardId, position, coupons: clicks.length };
  const spent = await spendCoupons(documents, wanted);
  for (const [index, { userId, lotteryId }] of clicks.entries()) {
    const outcome = { userId, lotteryId, entryId: records[index]?.eventID };
    const value =
      index < spent.coupons
        ? { type: 'ClickAcceptedEvent', ...outcome, availableCoupons: spent.before - index - 1 }
        : { type: 'ClickRejectedEvent', ...outcome, reason: 'NO_COUPON' };
    outcomes.push({ PartitionKey: String(userId), Data: Buffer.from(JSON.stringify(value)) });
  }
}

/** @throws Error when a record was not taken: the batch comes again, and is told the same */
async function publish(outcomes: readonly Outcome[]): Promise<void> {
  const calls: Promise<void>[] = [];
  for (let start = 0; start < outcomes.length; start += recordsPerPut)
    calls.push(put(outcomes.slice(start, start + recordsPerPut)));
  await Promise.all(calls);
}

async function put(Records: Outcome[]): Promise<void> {
  const command = new PutRecordsCommand({ StreamName: USER_EVENTS_OUTPUT_STREAM, Records });
  const { FailedRecordCount } = await kinesis.send(command);
  if (FailedRecordCount !== 0) throw new Error(`${FailedRecordCount} outcomes were not taken`);
}
