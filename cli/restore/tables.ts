import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  ListBackupsCommand,
  ResourceNotFoundException,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import { copyName, type FoundBackup, type FoundCopy, type FoundTable } from './plan.ts';
import type { RestoreSource } from './source.ts';

/** What there is to restore a table from. @throws Error that names the table when it is not there */
export async function findTable(
  dynamodb: DynamoDBClient,
  name: string,
  source: RestoreSource,
): Promise<FoundTable> {
  if ((await describeTable(dynamodb, name)) === undefined) throw new Error(`There is no table ${name}`);
  return {
    name,
    copy: await findCopy(dynamodb, copyName(name)),
    recovery: await recoveryOf(dynamodb, name),
    backups: source.kind === 'backups' ? await backupsOf(dynamodb, name, source.set) : [],
  };
}

/** @returns undefined when there is no such table */
export async function describeTable(
  dynamodb: DynamoDBClient,
  name: string,
): Promise<TableDescription | undefined> {
  try {
    const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: name }));
    return Table;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

async function findCopy(dynamodb: DynamoDBClient, name: string): Promise<FoundCopy | undefined> {
  const table = await describeTable(dynamodb, name);
  if (table === undefined) return undefined;
  const { RestoreDateTime: at, SourceBackupArn: backupArn } = table.RestoreSummary ?? {};
  return { from: at && { at, ...(backupArn !== undefined && { backupArn }) } };
}

async function recoveryOf(dynamodb: DynamoDBClient, name: string): Promise<FoundTable['recovery']> {
  const { ContinuousBackupsDescription } = await dynamodb.send(
    new DescribeContinuousBackupsCommand({ TableName: name }),
  );
  const { EarliestRestorableDateTime: earliest, LatestRestorableDateTime: latest } =
    ContinuousBackupsDescription?.PointInTimeRecoveryDescription ?? {};
  return earliest && latest && { earliest, latest };
}

/** The table's backups of that name. */
export async function backupsOf(
  dynamodb: DynamoDBClient,
  table: string,
  set: string,
): Promise<FoundBackup[]> {
  const found: FoundBackup[] = [];
  let start: string | undefined;
  do {
    const page = await dynamodb.send(
      new ListBackupsCommand({
        TableName: table,
        ...(start !== undefined && { ExclusiveStartBackupArn: start }),
      }),
    );
    for (const {
      BackupName,
      BackupArn: arn = '',
      BackupStatus: status = 'unknown',
    } of page.BackupSummaries ?? []) {
      if (BackupName === set) found.push({ arn, status });
    }
    start = page.LastEvaluatedBackupArn;
  } while (start !== undefined);
  return found;
}
