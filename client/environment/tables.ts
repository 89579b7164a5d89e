import {
  BatchGetCommand,
  type DynamoDBDocumentClient,
  ScanCommand,
  type ScanCommandInput,
} from '@aws-sdk/lib-dynamodb';
import type { Clock } from '../../local/clock.ts';

export type Item = Readonly<Record<string, unknown>>;

/** What BatchGetItem takes. */
const KEYS_A_CALL = 100;
/** Wait before keys that a call had no room for are asked for again, ms. */
const AGAIN_MS = 100;

export interface Scanned {
  readonly items: readonly Item[];
  /** There is more than was to be read. */
  readonly isCut: boolean;
}

export interface ScanOptions {
  /** At most so many items. */
  readonly most: number;
  readonly signal?: AbortSignal;
}

/** Reads a table from its beginning, a page (1 MB) a call, until there is no more or enough. Consistent. */
export async function scanTable(
  dynamodb: DynamoDBDocumentClient,
  input: Omit<ScanCommandInput, 'ExclusiveStartKey' | 'ConsistentRead'>,
  { most, signal }: ScanOptions,
): Promise<Scanned> {
  const items: Item[] = [];
  let start: ScanCommandInput['ExclusiveStartKey'];
  do {
    const page: { Items?: Item[]; LastEvaluatedKey?: typeof start } = await dynamodb.send(
      new ScanCommand({ ...input, ConsistentRead: true, ...(start && { ExclusiveStartKey: start }) }),
      signal && { abortSignal: signal },
    );
    items.push(...(page.Items ?? []));
    start = page.LastEvaluatedKey;
  } while (start !== undefined && items.length < most);
  return { items: items.slice(0, most), isCut: items.length > most || start !== undefined };
}

/**
 * The items of these keys that are there, in no order. Consistent.
 * @param attributes the names of those that are read
 */
export async function readItems(
  { dynamodb, clock }: { dynamodb: DynamoDBDocumentClient; clock: Clock },
  table: string,
  keys: readonly Item[],
  attributes: readonly string[],
): Promise<Item[]> {
  const items: Item[] = [];
  const names = Object.fromEntries(attributes.map((name, index) => [`#${index}`, name]));
  const projection = { ExpressionAttributeNames: names, ProjectionExpression: Object.keys(names).join() };
  for (let start = 0; start < keys.length; start += KEYS_A_CALL) {
    let left: Item[] = keys.slice(start, start + KEYS_A_CALL);
    while (left.length > 0) {
      const { Responses, UnprocessedKeys } = await dynamodb.send(
        new BatchGetCommand({
          RequestItems: { [table]: { Keys: left, ConsistentRead: true, ...projection } },
        }),
      );
      items.push(...(Responses?.[table] ?? []));
      left = UnprocessedKeys?.[table]?.Keys ?? [];
      if (left.length > 0) await clock.sleep(AGAIN_MS);
    }
  }
  return items;
}
