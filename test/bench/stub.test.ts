import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BatchExecuteStatementCommand, BatchGetItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { spendCoupons } from '../../bench/baselines/spend-coupons.ts';
import { Stub } from '../../bench/stub/stub.ts';

let directory: string;
let stub: Stub;
let client: DynamoDBClient;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'bench-stub-'));
  stub = await Stub.start(directory);
  client = new DynamoDBClient({
    ...{ region: 'us-east-1', endpoint: stub.endpoint.url, maxAttempts: 1 },
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
  });
});
afterAll(() => {
  client.destroy();
  stub.stop();
  rmSync(directory, { recursive: true });
});

describe('the stub', () => {
  async function run(table: string, version: number) {
    const Statement = `UPDATE "${table}" SET "version"=? SET "coupons"=? REMOVE "grants" WHERE "userId"=? AND "version"=?`;
    const Parameters = [{ N: String(version + 1) }, { N: '7' }, { S: '5' }, { N: String(version) }];
    const { Responses } = await client.send(
      new BatchExecuteStatementCommand({ Statements: [{ Statement, Parameters }] }),
    );
    return Responses?.[0]?.Error?.Code;
  }

  it('keeps users, each write under its condition', async () => {
    const { USERS_TABLE: table } = await stub.usersTable(10);
    expect(await run(table, 3)).toBeUndefined();
    expect(await run(table, 3)).toBe('ConditionalCheckFailed');
    const Keys = [{ userId: { S: '5' } }, { userId: { S: '10' } }];
    const { Responses } = await client.send(new BatchGetItemCommand({ RequestItems: { [table]: { Keys } } }));
    const items = Responses?.[table] ?? [];
    expect(items.map(({ userId, version, coupons }) => [userId?.S, version?.N, coupons?.N])).toEqual([
      ['5', '4', '7'],
    ]);
  });

  it('puts a user where there is none, once', async () => {
    const { USERS_TABLE: table } = await stub.usersTable(1);
    const Statement = `INSERT INTO "${table}" VALUE {'userId':?,'version':?}`;
    const Statements = [{ Statement, Parameters: [{ S: 'new' }, { N: '1' }] }];
    const put = async () => {
      const { Responses } = await client.send(new BatchExecuteStatementCommand({ Statements }));
      return Responses?.[0]?.Error?.Code;
    };
    expect([await put(), await put()]).toEqual([undefined, 'DuplicateItem']);
  });
});

describe('the baseline', () => {
  it('spends once what comes again, and no more than there is', async () => {
    const { USERS_TABLE: table } = await stub.usersTable(10, 'baseline');
    const documents = DynamoDBDocumentClient.from(client);
    const wanted = { table, userId: '5', shardId: 'shard', position: '1', coupons: 3 };
    const first = await spendCoupons(documents, wanted);
    expect(first.coupons).toBe(3);
    expect(await spendCoupons(documents, wanted)).toEqual(first);
    const left = first.before - 3;
    const tooMany = { ...wanted, position: '2', coupons: left + 5 };
    expect(await spendCoupons(documents, tooMany)).toEqual({ coupons: left, before: left });
    const none = { ...wanted, position: '3' };
    expect(await spendCoupons(documents, none)).toEqual({ coupons: 0, before: 0 });
  });
});
