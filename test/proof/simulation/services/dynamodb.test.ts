import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  BatchExecuteStatementCommand,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import type { ServiceOptions } from '../../../../proof/simulation/services/index.ts';
import { inMemoryServices } from '../../../contract/support/in-memory-services.ts';
import { createTable } from '../../../support/dynamo-engine.ts';

const text = (S: string): AttributeValue => ({ S });
const number = (N: number): AttributeValue => ({ N: String(N) });

async function setUp(options: Partial<ServiceOptions> = {}) {
  const memory = inMemoryServices(options);
  const client: DynamoDBClient = memory.clients.dynamodb;
  const table = await createTable(client, { id: 'S' });
  const put = (Item: Record<string, AttributeValue>) =>
    client.send(new PutItemCommand({ TableName: table, Item }));
  const get = async (id: string, ConsistentRead: boolean) => {
    const { Item } = await client.send(
      new GetItemCommand({ TableName: table, Key: { id: text(id) }, ConsistentRead }),
    );
    return Item?.n?.N;
  };
  return { ...memory, client, table, put, get };
}

test('an eventually consistent read may see what was before, no longer ago than it may', async () => {
  const { put, get, advance } = await setUp({ staleMs: 1_000 });
  const reads = async (isConsistent: boolean) => {
    const seen = new Set<string | undefined>();
    for (let n = 0; n < 200; n += 1) seen.add(await get('a', isConsistent));
    return [...seen].toSorted();
  };
  for (const n of [1, 2, 3]) {
    await put({ id: text('a'), n: number(n) });
    advance(400);
  }
  // Written 1,200, 800 and 400 ms ago.
  expect(await reads(false)).toEqual(['1', '2', '3']);
  expect(await reads(true)).toEqual(['3']);
  advance(400);
  expect(await reads(false)).toEqual(['2', '3']);
  advance(400);
  expect(await reads(false)).toEqual(['3']);
});

test('an eventually consistent read may miss what was put, and see what was deleted', async () => {
  const { put, client, table, get, advance } = await setUp({ staleMs: 1_000 });
  const seen = async () => {
    const found = new Set<string | undefined>();
    for (let n = 0; n < 100; n += 1) found.add(await get('a', false));
    return found;
  };
  await put({ id: text('a'), n: number(1) });
  advance(500);
  expect(await seen()).toEqual(new Set([undefined, '1']));
  advance(501);
  expect(await seen()).toEqual(new Set(['1']));
  await client.send(new DeleteItemCommand({ TableName: table, Key: { id: text('a') } }));
  advance(500);
  expect(await seen()).toEqual(new Set(['1', undefined]));
  expect(await get('a', true)).toBeUndefined();
  advance(501);
  expect(await seen()).toEqual(new Set([undefined]));
});

test('each item of a batch is behind by itself', async () => {
  const { put, client, table, advance } = await setUp({ staleMs: 1_000 });
  const ids = Array.from({ length: 40 }, (_, n) => `id ${n}`);
  for (const id of ids) await put({ id: text(id) });
  advance(500);
  const read = async (ConsistentRead: boolean) => {
    const Keys = ids.map((id) => ({ id: text(id) }));
    const command = new BatchGetItemCommand({ RequestItems: { [table]: { Keys, ConsistentRead } } });
    return (await client.send(command)).Responses?.[table]?.length ?? 0;
  };
  expect(await read(true)).toBe(40);
  expect(await read(false)).toBeGreaterThan(0);
  expect(await read(false)).toBeLessThan(40);
});

test('a batch of reads gives 16 MB and names the keys that are left', async () => {
  const { put, client, table } = await setUp();
  const ids = Array.from({ length: 60 }, (_, n) => `id ${n}`);
  for (const id of ids) await put({ id: text(id), filler: { B: new Uint8Array(300 * 1024) } });
  const get = (Keys: Record<string, AttributeValue>[]) =>
    client.send(new BatchGetItemCommand({ RequestItems: { [table]: { Keys, ConsistentRead: true } } }));
  const page = await get(ids.map((id) => ({ id: text(id) })));
  const found = page.Responses?.[table]?.map(({ id }) => id?.S) ?? [];
  const left = page.UnprocessedKeys?.[table]?.Keys ?? [];
  expect(found).toHaveLength(54);
  expect(page.UnprocessedKeys?.[table]?.ConsistentRead).toBe(true);
  const rest = await get(left);
  expect(rest.UnprocessedKeys).toEqual({});
  expect([...found, ...(rest.Responses?.[table] ?? []).map(({ id }) => id?.S)].toSorted()).toEqual(
    ids.toSorted(),
  );
  const many = Array.from({ length: 101 }, (_, n) => ({ id: text(String(n)) }));
  await expect(get(many)).rejects.toMatchObject({ name: 'ValidationException' });
  await expect(get([{ id: text('a') }, { id: text('a') }])).rejects.toMatchObject({
    name: 'ValidationException',
  });
});

test('a partition takes 1,000 write units a second, and other partitions are not slower for it', async () => {
  const { put, get, client, table, advance } = await setUp();
  const noRoom = { name: 'ProvisionedThroughputExceededException' };
  const large = (id: string) => ({ id: text(id), filler: text('x'.repeat(400_000)) });
  for (const _ of [1, 2, 3]) await put(large('a'));
  await expect(put({ id: text('a') })).rejects.toMatchObject(noRoom);
  await put({ id: text('b') });
  const statement = `UPDATE "${table}" SET "n"=? WHERE "id"=?`;
  const { Responses = [] } = await client.send(
    new BatchExecuteStatementCommand({
      Statements: ['a', 'b'].map((id) => ({ Statement: statement, Parameters: [number(1), text(id)] })),
    }),
  );
  expect(Responses.map(({ Error: error }) => error?.Code)).toEqual([
    'ProvisionedThroughputExceeded',
    undefined,
  ]);
  const requests = ['a', 'c'].map((id) => ({ PutRequest: { Item: { id: text(id) } } }));
  const write = new BatchWriteItemCommand({ RequestItems: { [table]: requests } });
  expect((await client.send(write)).UnprocessedItems).toEqual({ [table]: requests.slice(0, 1) });
  // 3 times 391 units.
  advance(1_172);
  await expect(put({ id: text('a') })).rejects.toMatchObject(noRoom);
  advance(1);
  const unmet = { Statement: `INSERT INTO "${table}" VALUE {'id':?}`, Parameters: [text('a')] };
  // What finds its condition unmet costs as much as the item that is there.
  const codes = [];
  for (let n = 0; n < 4; n += 1) {
    const answer = await client.send(new BatchExecuteStatementCommand({ Statements: [unmet] }));
    codes.push(answer.Responses?.[0]?.Error?.Code);
  }
  expect(codes).toEqual([...Array(3).fill('DuplicateItem'), 'ProvisionedThroughputExceeded']);
  expect(await get('b', true)).toBe('1');
});

test('a partition gives 3,000 read units a second: keys of a batch that it has none for are left over', async () => {
  const { put, client, table, advance } = await setUp();
  for (const id of ['a', 'b']) await put({ id: text(id), filler: text('x'.repeat(400_000)) });
  const read = (...ids: string[]) => {
    const Keys = ids.map((id) => ({ id: text(id) }));
    const request = { [table]: { Keys, ConsistentRead: true } };
    return client.send(new BatchGetItemCommand({ RequestItems: request }));
  };
  // 98 units each.
  for (let n = 0; n < 31; n += 1) await read('a');
  const { Responses, UnprocessedKeys } = await read('a', 'b');
  expect(Responses?.[table]?.map(({ id }) => id)).toEqual([text('b')]);
  expect(UnprocessedKeys?.[table]?.Keys).toEqual([{ id: text('a') }]);
  await expect(read('a')).rejects.toMatchObject({ name: 'ProvisionedThroughputExceededException' });
  advance(1_013);
  expect((await read('a')).Responses?.[table]).toHaveLength(1);
});

test('statements are refused that are too long, and those that are not known end the run', async () => {
  const { client, table } = await setUp();
  const execute = (Statement: string) =>
    client.send(new BatchExecuteStatementCommand({ Statements: [{ Statement, Parameters: [text('a')] }] }));
  const statement = `INSERT INTO "${table}" VALUE {'id':?}`;
  await execute(statement.padEnd(8_192));
  await expect(execute(statement.padEnd(8_193))).rejects.toMatchObject({ name: 'ValidationException' });
  await expect(execute(`DELETE FROM "${table}" WHERE "id"=?`)).rejects.toMatchObject({
    name: 'UnknownStatementError',
  });
});

test('maps are the same whatever the order of their members, and the form of their numbers', async () => {
  const { client, table, services } = await setUp();
  const map = { M: { a: number(1), b: { L: [{ M: { x: { N: '1.50' }, y: text('y') } }] } } };
  const other = { M: { b: { L: [{ M: { y: text('y'), x: { N: '15e-1' } } }] }, a: { N: '1.0' } } };
  const put = (Item: Record<string, AttributeValue>) =>
    client.send(
      new PutItemCommand({
        ...{ TableName: table, Item, ConditionExpression: 'attribute_not_exists(id) OR v = :v' },
        ExpressionAttributeValues: { ':v': other },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
  await put({ id: text('a'), v: map });
  await put({ id: text('a'), v: { M: { a: number(2) } } });
  const failed = put({ id: text('a'), v: map });
  await expect(failed).rejects.toThrow(ConditionalCheckFailedException);
  await expect(failed).rejects.toMatchObject({ Item: { id: text('a'), v: { M: { a: number(2) } } } });
  expect(services.items(table)).toEqual([{ id: { S: 'a' }, v: { M: { a: { N: '2' } } } }]);
});

test('names that every object has are attributes like others', async () => {
  const { put, services, table } = await setUp();
  const names = ['__proto__', 'constructor', 'toString'];
  const item = Object.fromEntries(names.map((name) => [name, text(name)]));
  await put({ ...item, id: text('a'), map: { M: item } });
  const [stored = {}] = services.items(table);
  expect(Object.keys(stored).toSorted()).toEqual(['__proto__', 'constructor', 'id', 'map', 'toString']);
  expect(JSON.stringify(stored.map)).toContain('"__proto__":{"S":"__proto__"}');
});
