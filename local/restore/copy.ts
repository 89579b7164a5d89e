import {
  type AttributeValue,
  BatchWriteItemCommand,
  type DynamoDBClient,
  ScanCommand,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { mapBounded } from '../../lambda/map-bounded.ts';
import { type Contents, Fingerprint } from './fingerprint.ts';

type Item = Record<string, AttributeValue>;

export interface CopyContext {
  dynamodb: DynamoDBClient;
  sleep: (ms: number) => Promise<void>;
}

/** BatchWriteItem: 25 items a call. With items of 400 KB at the most that is below its 16 MB. */
const ITEMS_PER_CALL = 25;
const CALLS_IN_FLIGHT = 8;

/** Pauses between calls that wrote nothing, ms; after the last the table is taken as refusing. */
const PAUSES_MS = [50, 100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800];

/** Deletes every item. @returns how many there were */
export async function emptyTable(
  table: string,
  key: readonly string[],
  context: CopyContext,
): Promise<number> {
  let deleted = 0;
  for await (const items of pages(table, context, key)) {
    deleted += items.length;
    await write(
      table,
      items.map((Key) => ({ DeleteRequest: { Key } })),
      context,
    );
  }
  return deleted;
}

/**
 * Puts every item of one table into another.
 * @param change what becomes of an item on the way; nothing without it
 * @returns what was put
 */
export async function copyTable(
  from: string,
  to: string,
  context: CopyContext,
  change: (item: Item) => Item = (item) => item,
): Promise<Contents> {
  const fingerprint = new Fingerprint();
  for await (const page of pages(from, context)) {
    const items = page.map(change);
    for (const item of items) fingerprint.add(item);
    await write(
      to,
      items.map((Item) => ({ PutRequest: { Item } })),
      context,
    );
  }
  return fingerprint.contents;
}

/** Reads all of a table, consistently. */
export async function contentsOf(table: string, context: CopyContext): Promise<Contents> {
  const fingerprint = new Fingerprint();
  for await (const items of pages(table, context)) for (const item of items) fingerprint.add(item);
  return fingerprint.contents;
}

/** Of 1 MB each. @param attributes those to read; all without it */
async function* pages(
  table: string,
  { dynamodb }: CopyContext,
  attributes?: readonly string[],
): AsyncGenerator<Item[]> {
  const names = attributes?.map((attribute, index) => [`#${index}`, attribute] as const);
  let start: Item | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await dynamodb.send(
      new ScanCommand({
        TableName: table,
        ConsistentRead: true,
        ...(names && {
          ProjectionExpression: names.map(([placeholder]) => placeholder).join(),
          ExpressionAttributeNames: Object.fromEntries(names),
        }),
        ...(start && { ExclusiveStartKey: start }),
      }),
    );
    yield Items;
    start = LastEvaluatedKey;
  } while (start !== undefined);
}

/** Positions in streams that are gone: a new stream's first shard has the name of the old one's. */
export function withoutCursors(item: Item): Item {
  return item.cursors === undefined ? item : { ...item, cursors: { M: {} } };
}

async function write(table: string, requests: readonly WriteRequest[], context: CopyContext): Promise<void> {
  const calls: WriteRequest[][] = [];
  for (let start = 0; start < requests.length; start += ITEMS_PER_CALL) {
    calls.push(requests.slice(start, start + ITEMS_PER_CALL));
  }
  await mapBounded(CALLS_IN_FLIGHT, calls, (call) => writeAll(table, call, context));
}

/** A table that is throttled takes a part of a call: as long as it takes something, this goes on. */
async function writeAll(
  table: string,
  requests: WriteRequest[],
  { dynamodb, sleep }: CopyContext,
): Promise<void> {
  let left = requests;
  let idle = 0;
  while (left.length > 0) {
    const { UnprocessedItems } = await dynamodb.send(
      new BatchWriteItemCommand({ RequestItems: { [table]: left } }),
    );
    const unprocessed = UnprocessedItems?.[table] ?? [];
    idle = unprocessed.length < left.length ? 0 : idle + 1;
    left = unprocessed;
    if (left.length === 0) return;
    const pause = PAUSES_MS[idle];
    if (pause === undefined) throw new Error(`${table} takes no writes: it is throttled. Run it again`);
    await sleep(pause);
  }
}
