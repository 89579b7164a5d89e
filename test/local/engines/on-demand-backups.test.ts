import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateBackupCommand,
  CreateTableCommand,
  DeleteBackupCommand,
  DescribeBackupCommand,
  ListBackupsCommand,
  RestoreTableFromBackupCommand,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { active, contents, ownEngine, put } from './support/backups.ts';

const own = ownEngine();

async function available(arn: string | undefined): Promise<void> {
  for (;;) {
    const { BackupDescription } = await own.client.send(new DescribeBackupCommand({ BackupArn: arn }));
    if (BackupDescription?.BackupDetails?.BackupStatus === 'AVAILABLE') return;
    await sleep(5);
  }
}

async function backUp(name: string): Promise<string> {
  const { BackupDetails } = await own.client.send(
    new CreateBackupCommand({ TableName: own.table, BackupName: name }),
  );
  expect(BackupDetails?.BackupStatus).toBe('CREATING');
  await available(BackupDetails?.BackupArn);
  return BackupDetails?.BackupArn ?? '';
}

describe('on-demand backups', () => {
  it('hold what was there, whatever is written later', async () => {
    await put(own.client, own.table, 'kept', 1);
    const arn = await backUp('first');
    await put(own.client, own.table, 'kept', 2);
    const target = own.newTarget();
    await own.client.send(new RestoreTableFromBackupCommand({ BackupArn: arn, TargetTableName: target }));
    const { RestoreSummary, KeySchema } = await active(own.client, target);
    expect(RestoreSummary).toMatchObject({ SourceBackupArn: arn, RestoreInProgress: false });
    expect(KeySchema).toEqual([{ AttributeName: 'id', KeyType: 'HASH' }]);
    expect(await contents(own.client, target)).toEqual({ kept: 1 });
  });

  it('are listed, by table too, until they are deleted', async () => {
    const arn = await backUp('listed');
    const list = async (TableName?: string) => {
      const { BackupSummaries } = await own.client.send(new ListBackupsCommand({ TableName }));
      return BackupSummaries ?? [];
    };
    expect(await list(own.table)).toMatchObject([
      { BackupName: 'listed', BackupArn: arn, BackupStatus: 'AVAILABLE', TableName: own.table },
    ]);
    expect(await list()).toContainEqual(expect.objectContaining({ BackupArn: arn }));
    await own.client.send(new DeleteBackupCommand({ BackupArn: arn }));
    expect(await list(own.table)).toEqual([]);
    const restore = new RestoreTableFromBackupCommand({ BackupArn: arn, TargetTableName: own.newTarget() });
    await expect(own.client.send(restore)).rejects.toMatchObject({ name: 'BackupNotFoundException' });
  });

  it('bring the indexes of a table back', async () => {
    own.table = own.newTarget();
    await own.client.send(
      new CreateTableCommand({
        TableName: own.table,
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
    await active(own.client, own.table);
    const target = own.newTarget();
    const arn = await backUp('indexed');
    await own.client.send(new RestoreTableFromBackupCommand({ BackupArn: arn, TargetTableName: target }));
    const { GlobalSecondaryIndexes } = await active(own.client, target);
    expect(GlobalSecondaryIndexes).toMatchObject([{ IndexName: 'byValue' }]);
  });

  it('refuse what is not played, by its name', async () => {
    const arn = await backUp('plain');
    const command = new RestoreTableFromBackupCommand({
      BackupArn: arn,
      TargetTableName: own.newTarget(),
      BillingModeOverride: 'PROVISIONED',
    });
    await expect(own.client.send(command)).rejects.toThrow(/Not played here.*BillingModeOverride/);
  });
});
