import { setTimeout as sleep } from 'node:timers/promises';
import {
  DescribeTableCommand,
  type DynamoDBClient,
  PutItemCommand,
  RestoreTableToPointInTimeCommand,
  ScanCommand,
  type TableDescription,
  UpdateContinuousBackupsCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { createTable, type DynamoEngine, dynaliteEngine } from '../../../support/dynamo-engine.ts';

/** Tables of numbers, by an id, and what backs them up. */

export interface OwnEngine {
  client: DynamoDBClient;
  /** New for each test. */
  table: string;
  /** @returns a name that no table has */
  newTarget: () => string;
}

/** An engine of the test file's own. Its client is there from the first test on. */
export function ownEngine(): OwnEngine {
  let engine: DynamoEngine | undefined;
  let targets = 0;
  const own: OwnEngine = {
    get client() {
      if (engine === undefined) throw new TypeError('The engine runs within tests');
      return engine.client;
    },
    table: '',
    newTarget: () => `restored-${targets++}`,
  };
  beforeAll(async () => {
    engine = await dynaliteEngine();
  });
  afterAll(() => engine?.stop());
  beforeEach(async () => {
    own.table = await createTable(own.client, { id: 'S' });
  });
  return own;
}

export async function put(on: DynamoDBClient, table: string, id: string, value: number): Promise<void> {
  const Item = { id: { S: id }, value: { N: String(value) } };
  await on.send(new PutItemCommand({ TableName: table, Item }));
}

/** The values by id. */
export async function contents(on: DynamoDBClient, table: string): Promise<Record<string, number>> {
  const { Items = [] } = await on.send(new ScanCommand({ TableName: table }));
  return Object.fromEntries(Items.map(({ id, value }) => [id?.S, Number(value?.N)]));
}

export async function setRecovery(on: DynamoDBClient, table: string, enabled: boolean): Promise<void> {
  await on.send(
    new UpdateContinuousBackupsCommand({
      TableName: table,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: enabled },
    }),
  );
}

/** An instant of its own: nothing is written in its millisecond. */
export async function instant(): Promise<Date> {
  await sleep(2);
  const now = new Date();
  await sleep(2);
  return now;
}

/** @returns the new table, as it is described at once */
export async function restoreTo(
  on: DynamoDBClient,
  table: string,
  at: Date,
  target: string,
): Promise<TableDescription | undefined> {
  const { TableDescription } = await on.send(
    new RestoreTableToPointInTimeCommand({
      SourceTableName: table,
      TargetTableName: target,
      RestoreDateTime: at,
    }),
  );
  return TableDescription;
}

/** Waits until a table can be used. */
export async function active(on: DynamoDBClient, table: string): Promise<TableDescription> {
  for (;;) {
    const { Table } = await on.send(new DescribeTableCommand({ TableName: table }));
    if (Table?.TableStatus === 'ACTIVE') return Table;
    await sleep(5);
  }
}
