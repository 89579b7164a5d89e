import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { CallEngine } from '../dynamodb-front.ts';
import { type TableDefinition, tableDefinition } from '../table-definition.ts';
import type { Attributes } from './history.ts';

/** The engine's tables, as backups need them. */

const described = z.object({
  Table: z.looseObject({
    TableName: z.string(),
    TableArn: z.string(),
    TableId: z.string(),
    TableStatus: z.string(),
    BillingModeSummary: z.object({ BillingMode: z.string() }).optional(),
  }),
});

export type EngineTable = z.infer<typeof described>['Table'];

const scanned = z.object({
  Items: z.array(z.record(z.string(), z.unknown())),
  LastEvaluatedKey: z.record(z.string(), z.unknown()).optional(),
});

const POLL_MS = 5;

/** BatchWriteItem: 25 items a call. */
const ITEMS_PER_CALL = 25;

/** @returns undefined when there is no such table */
export async function describeTable(name: string, call: CallEngine): Promise<EngineTable | undefined> {
  const { status, body } = await call('DescribeTable', { TableName: name });
  return status === 200 ? described.parse(body).Table : undefined;
}

export function definitionOf(table: EngineTable): TableDefinition {
  if (table.BillingModeSummary?.BillingMode !== 'PAY_PER_REQUEST') return tableDefinition.parse(table);
  const { ProvisionedThroughput: _, GlobalSecondaryIndexes, ...definition } = tableDefinition.parse(table);
  const indexes = GlobalSecondaryIndexes?.map(({ ProvisionedThroughput: _none, ...index }) => index);
  return {
    ...definition,
    BillingMode: 'PAY_PER_REQUEST',
    ...(indexes && { GlobalSecondaryIndexes: indexes }),
  };
}

/** Every item of a table. @throws Error with the engine's answer */
export async function allItems(name: string, call: CallEngine): Promise<Attributes[]> {
  const items: Attributes[] = [];
  let start: Attributes | undefined;
  do {
    const input = { TableName: name, ConsistentRead: true, ...(start && { ExclusiveStartKey: start }) };
    const page = scanned.parse(await succeed('Scan', input, call));
    items.push(...page.Items);
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
  return items;
}

/** @throws Error with the engine's answer */
export async function createTable(
  name: string,
  definition: TableDefinition,
  call: CallEngine,
): Promise<void> {
  await succeed('CreateTable', { TableName: name, ...definition }, call);
  while ((await describeTable(name, call))?.TableStatus !== 'ACTIVE') await sleep(POLL_MS);
}

/** @throws Error with the engine's answer */
export async function putItems(name: string, items: readonly Attributes[], call: CallEngine): Promise<void> {
  for (let start = 0; start < items.length; start += ITEMS_PER_CALL) {
    const puts = items.slice(start, start + ITEMS_PER_CALL).map((Item) => ({ PutRequest: { Item } }));
    await succeed('BatchWriteItem', { RequestItems: { [name]: puts } }, call);
  }
}

async function succeed(operation: string, input: object, call: CallEngine): Promise<unknown> {
  const { status, body } = await call(operation, input);
  if (status !== 200) throw new Error(`${operation} failed: ${JSON.stringify(body)}`);
  return body;
}
