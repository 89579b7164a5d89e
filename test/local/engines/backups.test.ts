import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AttributeValue,
  BatchExecuteStatementCommand,
  BatchWriteItemCommand,
  CreateBackupCommand,
  CreateTableCommand,
  DeleteBackupCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeBackupCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  ListBackupsCommand,
  PutItemCommand,
  RestoreTableFromBackupCommand,
  RestoreTableToPointInTimeCommand,
  ScanCommand,
  type TableDescription,
  UpdateContinuousBackupsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startDynalite } from '../../../local/engines/dynalite.ts';
import {
  createTable,
  type DynamoEngine,
  dynaliteEngine,
  dynamoClientAt,
} from '../../support/dynamo-engine.ts';

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

const put = (id: string, value: number, name = table, on = client) =>
  on.send(new PutItemCommand({ TableName: name, Item: { id: { S: id }, value: { N: String(value) } } }));

/** The values by id. */
async function contents(name: string, on = client): Promise<Record<string, number>> {
  const { Items = [] } = await on.send(new ScanCommand({ TableName: name }));
  return Object.fromEntries(Items.map(({ id, value }) => [id?.S, Number(value?.N)]));
}

const recovery = (enabled: boolean, name = table, on = client) =>
  on.send(
    new UpdateContinuousBackupsCommand({
      TableName: name,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: enabled },
    }),
  );

/** An instant of its own: nothing is written in its millisecond. */
async function instant(): Promise<Date> {
  await sleep(2);
  const now = new Date();
  await sleep(2);
  return now;
}

const restoreTo = (at: Date, target: string, on = client) =>
  on.send(
    new RestoreTableToPointInTimeCommand({
      SourceTableName: table,
      TargetTableName: target,
      RestoreDateTime: at,
    }),
  );

async function active(name: string, on = client): Promise<TableDescription> {
  for (;;) {
    const { Table } = await on.send(new DescribeTableCommand({ TableName: name }));
    if (Table?.TableStatus === 'ACTIVE') return Table;
    await sleep(5);
  }
}

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

describe('point-in-time recovery', () => {
  it('restores what was there at the time, by whichever operation it was written', async () => {
    await put('before recovery', 0);
    await recovery(true);
    await put('changed', 1);
    await put('deleted', 1);
    await client.send(
      new BatchWriteItemCommand({
        RequestItems: {
          [table]: [
            { PutRequest: { Item: { id: { S: 'batch' }, value: { N: '1' } } } },
            { DeleteRequest: { Key: { id: { S: 'never there' } } } },
          ],
        },
      }),
    );
    const early = await instant();
    await client.send(
      new UpdateItemCommand({
        TableName: table,
        Key: { id: { S: 'changed' } },
        UpdateExpression: 'SET #value = #value + :one',
        ExpressionAttributeNames: { '#value': 'value' },
        ExpressionAttributeValues: { ':one': { N: '1' } },
      }),
    );
    await client.send(new DeleteItemCommand({ TableName: table, Key: { id: { S: 'deleted' } } }));
    await client.send(
      new BatchExecuteStatementCommand({
        Statements: [
          {
            Statement: `INSERT INTO "${table}" VALUE {'id':?,'value':?}`,
            Parameters: [{ S: 'statement' }, { N: '7' }],
          },
        ],
      }),
    );
    const late = await instant();
    await put('changed', 99);

    const [first, second] = [newTarget(), newTarget()];
    await restoreTo(early, first);
    await restoreTo(late, second);
    const { RestoreSummary } = await active(first);
    await active(second);
    expect(RestoreSummary).toMatchObject({ RestoreDateTime: early, RestoreInProgress: false });
    expect(await contents(first)).toEqual({ 'before recovery': 0, changed: 1, deleted: 1, batch: 1 });
    expect(await contents(second)).toEqual({ 'before recovery': 0, changed: 2, batch: 1, statement: 7 });
  });

  it('is CREATING, and answers no reads, until everything is there', async () => {
    await recovery(true);
    await Promise.all(Array.from({ length: 60 }, (_, index) => put(`item-${index}`, index)));
    const target = newTarget();
    const { TableDescription } = await restoreTo(await instant(), target);
    expect(TableDescription).toMatchObject({
      TableStatus: 'CREATING',
      RestoreSummary: { RestoreInProgress: true },
    });
    await expect(contents(target)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(client.send(new DeleteTableCommand({ TableName: target }))).rejects.toMatchObject({
      name: 'ResourceInUseException',
    });
    await expect(restoreTo(new Date(), target)).rejects.toMatchObject({ name: 'TableInUseException' });
    await active(target);
    expect(Object.keys(await contents(target))).toHaveLength(60);
  });

  it('refuses a table that has none, a time that is out of reach, and a target that is there', async () => {
    await expect(restoreTo(new Date(), newTarget())).rejects.toMatchObject({
      name: 'PointInTimeRecoveryUnavailableException',
    });
    const before = await instant();
    await recovery(true);
    await expect(restoreTo(before, newTarget())).rejects.toMatchObject({
      name: 'InvalidRestoreTimeException',
    });
    await expect(restoreTo(new Date(Date.now() + 60_000), newTarget())).rejects.toMatchObject({
      name: 'InvalidRestoreTimeException',
    });
    await expect(restoreTo(await instant(), table)).rejects.toMatchObject({
      name: 'TableAlreadyExistsException',
    });
    table = 'never-there';
    await expect(restoreTo(new Date(), newTarget())).rejects.toMatchObject({
      name: 'TableNotFoundException',
    });
  });

  it('says from when to when, and begins anew when it was off', async () => {
    const described = async () => {
      const { ContinuousBackupsDescription } = await client.send(
        new DescribeContinuousBackupsCommand({ TableName: table }),
      );
      return ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
    };
    expect(await described()).toEqual({ PointInTimeRecoveryStatus: 'DISABLED' });
    await recovery(true);
    const first = await described();
    expect(first?.EarliestRestorableDateTime?.getTime()).toBeLessThanOrEqual(Date.now());
    await instant();
    await recovery(true);
    expect((await described())?.EarliestRestorableDateTime).toEqual(first?.EarliestRestorableDateTime);
    await recovery(false);
    await recovery(true);
    const again = (await described())?.EarliestRestorableDateTime?.getTime();
    expect(again).toBeGreaterThan(first?.EarliestRestorableDateTime?.getTime() ?? Number.POSITIVE_INFINITY);
  });
});

describe('on-demand backups', () => {
  it('hold what was there, whatever is written later', async () => {
    await put('kept', 1);
    const arn = await backUp('first');
    await put('kept', 2);
    const target = newTarget();
    await client.send(new RestoreTableFromBackupCommand({ BackupArn: arn, TargetTableName: target }));
    const { RestoreSummary, KeySchema } = await active(target);
    expect(RestoreSummary).toMatchObject({ SourceBackupArn: arn, RestoreInProgress: false });
    expect(KeySchema).toEqual([{ AttributeName: 'id', KeyType: 'HASH' }]);
    expect(await contents(target)).toEqual({ kept: 1 });
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
    await active(table);
    const target = newTarget();
    const arn = await backUp('indexed');
    await client.send(new RestoreTableFromBackupCommand({ BackupArn: arn, TargetTableName: target }));
    const { GlobalSecondaryIndexes } = await active(target);
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

it('keeps all of it with a data directory', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'backups-'));
  const run = async (work: (on: DynamoDBClient) => Promise<void>) => {
    const server = await startDynalite({ port: 0, dataDir });
    const on = dynamoClientAt(`http://127.0.0.1:${server.port}`);
    await work(on).finally(async () => {
      on.destroy();
      await server.close();
    });
  };
  const values: Record<string, AttributeValue> = { id: { S: 'kept' }, value: { N: '1' } };
  let at = new Date();
  try {
    await run(async (on) => {
      table = await createTable(on, { id: 'S' });
      await active(table, on);
      await recovery(true, table, on);
      await on.send(new PutItemCommand({ TableName: table, Item: values }));
      at = await instant();
    });
    await run(async (on) => {
      await recovery(true, table, on);
      await put('kept', 2, table, on);
      await restoreTo(at, 'restored', on);
      const { RestoreSummary } = await active('restored', on);
      expect(RestoreSummary).toMatchObject({ RestoreDateTime: at });
      expect(await contents('restored', on)).toEqual({ kept: 1 });
    });
    await run(async (on) => {
      expect((await active('restored', on)).RestoreSummary).toMatchObject({ RestoreDateTime: at });
    });
  } finally {
    await rm(dataDir, { recursive: true });
  }
});
