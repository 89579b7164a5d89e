import {
  type AttributeValue,
  BatchWriteItemCommand,
  type DynamoDBClient,
  ScanCommand,
  type ScanCommandInput,
  type ScanCommandOutput,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import type { Progress } from '../../lambda/adapters/retry.ts';
import { mapBounded } from '../../lambda/batch/map-bounded.ts';
import { type Contents, Fingerprint } from './fingerprint.ts';
import { sendThrottled } from './throttling.ts';

type Item = Record<string, AttributeValue>;
type Page = Pick<ScanCommandOutput, 'Items' | 'LastEvaluatedKey'>;

export interface CopyContext {
  dynamodb: DynamoDBClient;
  sleep: (ms: number) => Promise<void>;
}

/** BatchWriteItem: 25 items a call. With items of 400 KB at the most that is below its 16 MB. */
const ITEMS_PER_CALL = 25;
const CALLS_IN_FLIGHT = 8;

/** A table, and what all calls on it together have read or written: they share its throughput. */
interface TableCalls extends CopyContext {
  table: string;
  progress: Progress;
}

function callsOn(table: string, context: CopyContext): TableCalls {
  return { ...context, table, progress: { done: 0 } };
}

/** Deletes every item. @returns how many there were */
export async function emptyTable(
  table: string,
  key: readonly string[],
  context: CopyContext,
): Promise<number> {
  const calls = callsOn(table, context);
  let deleted = 0;
  for await (const items of pages(calls, key)) {
    deleted += items.length;
    await write(
      calls,
      items.map((Key) => ({ DeleteRequest: { Key } })),
    );
  }
  return deleted;
}

/**
 * Puts every item of one table into another.
 * @param change what becomes of an item on the way, undefined where it is left out; nothing without it
 * @returns what was put
 */
export async function copyTable(
  from: string,
  to: string,
  context: CopyContext,
  change: (item: Item) => Item | undefined = (item) => item,
): Promise<Contents> {
  const target = callsOn(to, context);
  const fingerprint = new Fingerprint();
  for await (const page of pages(callsOn(from, context))) {
    const items = page.map(change).filter((item) => item !== undefined);
    for (const item of items) fingerprint.add(item);
    await write(
      target,
      items.map((Item) => ({ PutRequest: { Item } })),
    );
  }
  return fingerprint.contents;
}

/** Reads all of a table, consistently. */
export async function contentsOf(table: string, context: CopyContext): Promise<Contents> {
  const fingerprint = new Fingerprint();
  for await (const items of pages(callsOn(table, context))) for (const item of items) fingerprint.add(item);
  return fingerprint.contents;
}

/** Of 1 MB each. @param attributes those to read; all without it */
async function* pages(calls: TableCalls, attributes?: readonly string[]): AsyncGenerator<Item[]> {
  const names = attributes?.map((attribute, index) => [`#${index}`, attribute] as const);
  const projection = names && {
    ProjectionExpression: names.map(([placeholder]) => placeholder).join(),
    ExpressionAttributeNames: Object.fromEntries(names),
  };
  let start: Item | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await scan(
      {
        ...{ TableName: calls.table, ConsistentRead: true, ...projection },
        ...(start && { ExclusiveStartKey: start }),
      },
      calls,
    );
    yield Items;
    start = LastEvaluatedKey;
  } while (start !== undefined);
}

/** A scan that is throttled is answered by an error always, never with a part. */
async function scan(input: ScanCommandInput, calls: TableCalls): Promise<Page> {
  let page: Page = {};
  const read = async () => {
    page = await calls.dynamodb.send(new ScanCommand(input));
    return [];
  };
  await sendThrottled([input], read, calls);
  return page;
}

/**
 * Positions in streams that are gone: a new stream's first shard has the name of the old one's. Cursors are in the items of
 * others; a watermark is all of its item, and left there it would be ahead of the new shard, or behind it for ever.
 */
export function withoutPositions(item: Item): Item | undefined {
  if (item.shardId !== undefined) return undefined;
  return item.cursors === undefined ? item : { ...item, cursors: { M: {} } };
}

async function write(target: TableCalls, requests: readonly WriteRequest[]): Promise<void> {
  const calls: WriteRequest[][] = [];
  for (let start = 0; start < requests.length; start += ITEMS_PER_CALL) {
    calls.push(requests.slice(start, start + ITEMS_PER_CALL));
  }
  const { dynamodb, table } = target;
  const send = async (items: readonly WriteRequest[]): Promise<readonly WriteRequest[]> => {
    const command = new BatchWriteItemCommand({ RequestItems: { [table]: [...items] } });
    const { UnprocessedItems } = await dynamodb.send(command);
    return UnprocessedItems?.[table] ?? [];
  };
  await mapBounded(CALLS_IN_FLIGHT, calls, (call) => sendThrottled(call, send, target));
}
