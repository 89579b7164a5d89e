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

/** Tables of numbers, by an id, and what backs them up. */

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
