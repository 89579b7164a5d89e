import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AttributeValue,
  BatchExecuteStatementCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  DescribeContinuousBackupsCommand,
  type DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { startDynalite } from '../../../local/engines/dynalite.ts';
import { createTable, dynamoClientAt } from '../../support/dynamo-engine.ts';
import { active, contents, instant, ownEngine, put, restoreTo, setRecovery } from './support/backups.ts';

const own = ownEngine();

describe('point-in-time recovery', () => {
  it('restores what was there at the time, by whichever operation it was written', async () => {
    await put(own.client, own.table, 'before recovery', 0);
    await setRecovery(own.client, own.table, true);
    await put(own.client, own.table, 'changed', 1);
    await put(own.client, own.table, 'deleted', 1);
    await own.client.send(
      new BatchWriteItemCommand({
        RequestItems: {
          [own.table]: [
            { PutRequest: { Item: { id: { S: 'batch' }, value: { N: '1' } } } },
            { DeleteRequest: { Key: { id: { S: 'never there' } } } },
          ],
        },
      }),
    );
    const early = await instant();
    await own.client.send(
      new UpdateItemCommand({
        TableName: own.table,
        Key: { id: { S: 'changed' } },
        UpdateExpression: 'SET #value = #value + :one',
        ExpressionAttributeNames: { '#value': 'value' },
        ExpressionAttributeValues: { ':one': { N: '1' } },
      }),
    );
    await own.client.send(new DeleteItemCommand({ TableName: own.table, Key: { id: { S: 'deleted' } } }));
    await own.client.send(
      new BatchExecuteStatementCommand({
        Statements: [
          {
            Statement: `INSERT INTO "${own.table}" VALUE {'id':?,'value':?}`,
            Parameters: [{ S: 'statement' }, { N: '7' }],
          },
        ],
      }),
    );
    const late = await instant();
    await put(own.client, own.table, 'changed', 99);

    const [first, second] = [own.newTarget(), own.newTarget()];
    await restoreTo(own.client, own.table, early, first);
    await restoreTo(own.client, own.table, late, second);
    const { RestoreSummary } = await active(own.client, first);
    await active(own.client, second);
    expect(RestoreSummary).toMatchObject({ RestoreDateTime: early, RestoreInProgress: false });
    expect(await contents(own.client, first)).toEqual({
      'before recovery': 0,
      changed: 1,
      deleted: 1,
      batch: 1,
    });
    expect(await contents(own.client, second)).toEqual({
      'before recovery': 0,
      changed: 2,
      batch: 1,
      statement: 7,
    });
  });

  it('restores a table that is CREATING first', async () => {
    await setRecovery(own.client, own.table, true);
    await Promise.all(
      Array.from({ length: 60 }, (_, index) => put(own.client, own.table, `item-${index}`, index)),
    );
    const target = own.newTarget();
    const described = await restoreTo(own.client, own.table, await instant(), target);
    expect(described).toMatchObject({
      TableStatus: 'CREATING',
      RestoreSummary: { RestoreInProgress: true },
    });
    await active(own.client, target);
    expect(Object.keys(await contents(own.client, target))).toHaveLength(60);
  });

  it('refuses a table that has none, a time that is out of reach, and a target that is there', async () => {
    await expect(restoreTo(own.client, own.table, new Date(), own.newTarget())).rejects.toMatchObject({
      name: 'PointInTimeRecoveryUnavailableException',
    });
    const before = await instant();
    await setRecovery(own.client, own.table, true);
    await expect(restoreTo(own.client, own.table, before, own.newTarget())).rejects.toMatchObject({
      name: 'InvalidRestoreTimeException',
    });
    await expect(
      restoreTo(own.client, own.table, new Date(Date.now() + 60_000), own.newTarget()),
    ).rejects.toMatchObject({
      name: 'InvalidRestoreTimeException',
    });
    await expect(restoreTo(own.client, own.table, await instant(), own.table)).rejects.toMatchObject({
      name: 'TableAlreadyExistsException',
    });
    own.table = 'never-there';
    await expect(restoreTo(own.client, own.table, new Date(), own.newTarget())).rejects.toMatchObject({
      name: 'TableNotFoundException',
    });
  });

  it('says from when to when, and begins anew when it was off', async () => {
    const described = async () => {
      const { ContinuousBackupsDescription } = await own.client.send(
        new DescribeContinuousBackupsCommand({ TableName: own.table }),
      );
      return ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
    };
    expect(await described()).toEqual({ PointInTimeRecoveryStatus: 'DISABLED' });
    await setRecovery(own.client, own.table, true);
    const first = await described();
    expect(first?.EarliestRestorableDateTime?.getTime()).toBeLessThanOrEqual(Date.now());
    await instant();
    await setRecovery(own.client, own.table, true);
    expect((await described())?.EarliestRestorableDateTime).toEqual(first?.EarliestRestorableDateTime);
    await setRecovery(own.client, own.table, false);
    await setRecovery(own.client, own.table, true);
    const again = (await described())?.EarliestRestorableDateTime?.getTime();
    expect(again).toBeGreaterThan(first?.EarliestRestorableDateTime?.getTime() ?? Number.POSITIVE_INFINITY);
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
      own.table = await createTable(on, { id: 'S' });
      await active(on, own.table);
      await setRecovery(on, own.table, true);
      await on.send(new PutItemCommand({ TableName: own.table, Item: values }));
      at = await instant();
    });
    await run(async (on) => {
      await setRecovery(on, own.table, true);
      await put(on, own.table, 'kept', 2);
      await restoreTo(on, own.table, at, 'restored');
      const { RestoreSummary } = await active(on, 'restored');
      expect(RestoreSummary).toMatchObject({ RestoreDateTime: at });
      expect(await contents(on, 'restored')).toEqual({ kept: 1 });
    });
    await run(async (on) => {
      expect((await active(on, 'restored')).RestoreSummary).toMatchObject({ RestoreDateTime: at });
    });
  } finally {
    await rm(dataDir, { recursive: true });
  }
});
