import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateBackupCommand,
  CreateTableCommand,
  DeleteBackupCommand,
  DescribeBackupCommand,
  type DynamoDBClient,
  ListBackupsCommand,
  RestoreTableFromBackupCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTable, type DynamoEngine, dynaliteEngine } from '../../support/dynamo-engine.ts';
import { active, contents, put } from './support/backups.ts';

let engine: DynamoEngine;
let client: DynamoDBClient;
let table: string;
let targets = 0;

beforeAll(async () => {
  engine = await dynaliteEngine();
  client = engine.client;
});

afterAll(() => engine?.stop());

beforeEach(async () => {
  table = await createTable(client, { id: 'S' });
});

const newTarget = () => `restored-${targets++}`;

async function available(arn: string | undefined): Promise<void> {
  for (;;) {
    const { BackupDescription } = await client.send(new DescribeBackupCommand({ BackupArn: arn }));
    if (BackupDescription?.BackupDetails?.BackupStatus === 'AVAILABLE') return;
    await sleep(5);
  }
}

async function backUp(name: string): Promise<string> {
  const { BackupDetails } = await client.send(
    new CreateBackupCommand({ TableName: table, BackupName: name }),
  );
  expect(BackupDetails?.BackupStatus).toBe('CREATING');
  await available(BackupDetails?.BackupArn);
  return BackupDetails?.BackupArn ?? '';
}

describe('on-demand backups', () => {
  it('hold what was there, whatever is written later', async () => {
    await put(client, table, 'kept', 1);
    const arn = await backUp('first');
    await put(client, table, 'kept', 2);
    const target = newTarget();
    await client.send(new RestoreTableFromBackupCommand({ BackupArn: arn, TargetTableName: target }));
    const { RestoreSummary, KeySchema } = await active(client, target);
    expect(RestoreSummary).toMatchObject({ SourceBackupArn: arn, RestoreInProgress: false });
    expect(KeySchema).toEqual([{ AttributeName: 'id', KeyType: 'HASH' }]);
    expect(await contents(client, target)).toEqual({ kept: 1 });
  });

  it('are listed, by table too, until they are deleted', async () => {
    const arn = await backUp('listed');
    const list = async (TableName?: string) => {
      const { BackupSummaries } = await client.send(new ListBackupsCommand({ TableName }));
      return BackupSummaries ?? [];
    };
    expect(await list(table)).toMatchObject([
      { BackupName: 'listed', BackupArn: arn, BackupStatus: 'AVAILABLE', TableName: table },
    ]);
    expect(await list()).toContainEqual(expect.objectContaining({ BackupArn: arn }));
    await client.send(new DeleteBackupCommand({ BackupArn: arn }));
    expect(await list(table)).toEqual([]);
    const restore = new RestoreTableFromBackupCommand({ BackupArn: arn, TargetTableName: newTarget() });
    await expect(client.send(restore)).rejects.toMatchObject({ name: 'BackupNotFoundException' });
  });

  it('bring the indexes of a table back', async () => {
    table = `indexed-${targets++}`;
    await client.send(
      new CreateTableCommand({
        TableName: table,
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        AttributeDefinitions: [
          { AttributeName: 'id', AttributeType: 'S' },
          { AttributeName: 'value', AttributeType: 'N' },
        ],
        BillingMode: 'PAY_PER_REQUEST',
        GlobalSecondaryIndexes: [
          {
            IndexName: 'byValue',
            KeySchema: [{ AttributeName: 'value', KeyType: 'HASH' }],
            Projection: { ProjectionType: 'ALL' },
          },
        ],
      }),
    );
    await active(client, table);
    const target = newTarget();
    const arn = await backUp('indexed');
    await client.send(new RestoreTableFromBackupCommand({ BackupArn: arn, TargetTableName: target }));
    const { GlobalSecondaryIndexes } = await active(client, target);
    expect(GlobalSecondaryIndexes).toMatchObject([{ IndexName: 'byValue' }]);
  });

  it('refuse what is not played, by its name', async () => {
    const arn = await backUp('plain');
    const command = new RestoreTableFromBackupCommand({
      BackupArn: arn,
      TargetTableName: newTarget(),
      BillingModeOverride: 'PROVISIONED',
    });
    await expect(client.send(command)).rejects.toThrow(/Not played here.*BillingModeOverride/);
  });
});
