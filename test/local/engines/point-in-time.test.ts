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
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startDynalite } from '../../../local/engines/dynalite.ts';
import {
  createTable,
  type DynamoEngine,
  dynaliteEngine,
  dynamoClientAt,
} from '../../support/dynamo-engine.ts';
import { active, contents, instant, put, restoreTo, setRecovery } from './support/backups.ts';

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

describe('point-in-time recovery', () => {
  it('restores what was there at the time, by whichever operation it was written', async () => {
    await put(client, table, 'before recovery', 0);
    await setRecovery(client, table, true);
    await put(client, table, 'changed', 1);
    await put(client, table, 'deleted', 1);
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
    await put(client, table, 'changed', 99);

    const [first, second] = [newTarget(), newTarget()];
    await restoreTo(client, table, early, first);
    await restoreTo(client, table, late, second);
    const { RestoreSummary } = await active(client, first);
    await active(client, second);
    expect(RestoreSummary).toMatchObject({ RestoreDateTime: early, RestoreInProgress: false });
    expect(await contents(client, first)).toEqual({ 'before recovery': 0, changed: 1, deleted: 1, batch: 1 });
    expect(await contents(client, second)).toEqual({
      'before recovery': 0,
      changed: 2,
      batch: 1,
      statement: 7,
    });
  });

  it('restores a table that is CREATING first', async () => {
    await setRecovery(client, table, true);
    await Promise.all(Array.from({ length: 60 }, (_, index) => put(client, table, `item-${index}`, index)));
    const target = newTarget();
    const described = await restoreTo(client, table, await instant(), target);
    expect(described).toMatchObject({
      TableStatus: 'CREATING',
      RestoreSummary: { RestoreInProgress: true },
    });
    await active(client, target);
    expect(Object.keys(await contents(client, target))).toHaveLength(60);
  });

  it('refuses a table that has none, a time that is out of reach, and a target that is there', async () => {
    await expect(restoreTo(client, table, new Date(), newTarget())).rejects.toMatchObject({
      name: 'PointInTimeRecoveryUnavailableException',
    });
    const before = await instant();
    await setRecovery(client, table, true);
    await expect(restoreTo(client, table, before, newTarget())).rejects.toMatchObject({
      name: 'InvalidRestoreTimeException',
    });
    await expect(restoreTo(client, table, new Date(Date.now() + 60_000), newTarget())).rejects.toMatchObject({
      name: 'InvalidRestoreTimeException',
    });
    await expect(restoreTo(client, table, await instant(), table)).rejects.toMatchObject({
      name: 'TableAlreadyExistsException',
    });
    table = 'never-there';
    await expect(restoreTo(client, table, new Date(), newTarget())).rejects.toMatchObject({
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
    await setRecovery(client, table, true);
    const first = await described();
    expect(first?.EarliestRestorableDateTime?.getTime()).toBeLessThanOrEqual(Date.now());
    await instant();
    await setRecovery(client, table, true);
    expect((await described())?.EarliestRestorableDateTime).toEqual(first?.EarliestRestorableDateTime);
    await setRecovery(client, table, false);
    await setRecovery(client, table, true);
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
      table = await createTable(on, { id: 'S' });
      await active(on, table);
      await setRecovery(on, table, true);
      await on.send(new PutItemCommand({ TableName: table, Item: values }));
      at = await instant();
    });
    await run(async (on) => {
      await setRecovery(on, table, true);
      await put(on, table, 'kept', 2);
      await restoreTo(on, table, at, 'restored');
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
