import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { beforeAll, describe, expect, test } from 'vitest';
import { createTable } from '../support/dynamo-engine.ts';

const text = (S: string): AttributeValue => ({ S });
const number = (N: string): AttributeValue => ({ N });

/** What keys, numbers, batches of writes and scans are: to be run on each engine. */
export function itemsContract(running: () => DynamoDBClient): void {
  describe('items', () => {
    let table: string;
    let client: DynamoDBClient;

    beforeAll(async () => {
      client = running();
      table = await createTable(client, { id: 'S' });
    });

    const put = (Item: Record<string, AttributeValue>) =>
      client.send(new PutItemCommand({ TableName: table, Item }));
    const itemOf = async (id: string) => {
      const Key = { id: text(id) };
      return (await client.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }))).Item;
    };

    test('keys are refused that are empty, of another type, or not the key', async () => {
      const refused = { name: 'ValidationException' };
      await expect(put({ id: text('') })).rejects.toMatchObject(refused);
      await expect(put({ id: number('1') })).rejects.toMatchObject(refused);
      await expect(put({ n: number('1') })).rejects.toMatchObject(refused);
      await expect(put({ id: text('x'.repeat(2049)) })).rejects.toMatchObject(refused);
      const keys: Record<string, AttributeValue>[] = [
        { n: number('1') },
        { id: text('a'), n: number('1') },
        { id: text('') },
      ];
      for (const Key of keys) {
        const get = client.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }));
        await expect(get).rejects.toMatchObject(refused);
      }
    });

    test('an item has at most 400 KB, its names included, however it is written', async () => {
      const id = text('large');
      const refused = { name: 'ValidationException' };
      // 2 and 5 bytes are the key, and 1 is the name.
      await expect(put({ id, a: text('x'.repeat(409_600 - 7)) })).rejects.toMatchObject(refused);
      await put({ id, a: text('x'.repeat(409_600 - 8)) });
      const grow = new UpdateItemCommand({
        ...{ TableName: table, Key: { id }, UpdateExpression: 'SET b = :b' },
        ExpressionAttributeValues: { ':b': text('') },
      });
      await expect(client.send(grow)).rejects.toMatchObject(refused);
      expect(Object.keys((await itemOf('large')) ?? {}).toSorted()).toEqual(['a', 'id']);
    });

    test('a batch reads at most 100 items and writes at most 25', async () => {
      const keys = Array.from({ length: 101 }, (_, n) => ({ id: text(`id ${n}`) }));
      const refused = { name: 'ValidationException' };
      const read = new BatchGetItemCommand({
        RequestItems: { [table]: { Keys: keys, ConsistentRead: true } },
      });
      await expect(client.send(read)).rejects.toMatchObject(refused);
      const writes = keys.slice(0, 26).map((Item) => ({ PutRequest: { Item } }));
      const write = new BatchWriteItemCommand({ RequestItems: { [table]: writes } });
      await expect(client.send(write)).rejects.toMatchObject(refused);
      expect(await itemOf('id 0')).toBeUndefined();
    });

    test('numbers are kept in one form, up to 38 digits', async () => {
      const numbers = {
        a: '1.50',
        b: '-0',
        c: '1e3',
        d: '0.00012',
        e: '12345678901234567890123456789012345678',
        f: '-2.5E-3',
      };
      const item = Object.fromEntries(Object.entries(numbers).map(([name, N]) => [name, number(N)]));
      await put({ id: text('numbers'), ...item });
      const found = await itemOf('numbers');
      expect(Object.fromEntries(Object.keys(numbers).map((name) => [name, found?.[name]?.N]))).toEqual({
        a: '1.5',
        b: '0',
        c: '1000',
        d: '0.00012',
        e: '12345678901234567890123456789012345678',
        f: '-0.0025',
      });
      for (const wrong of ['', 'x', '1e126', '123456789012345678901234567890123456789']) {
        await expect(put({ id: text('wrong'), n: number(wrong) })).rejects.toMatchObject({
          name: 'ValidationException',
        });
      }
    });

    test('items are written and deleted in batches, and found by a scan, page by page', async () => {
      const name = await createTable(client, { id: 'S', n: 'N' });
      const ids = Array.from({ length: 20 }, (_, n) => ({ id: text(`id ${n % 5}`), n: number(String(n)) }));
      const write = (requests: object[]) =>
        client.send(new BatchWriteItemCommand({ RequestItems: { [name]: requests } }));
      await write(
        ids.map((key) => ({ PutRequest: { Item: { ...key, filler: text('x'.repeat(100_000)) } } })),
      );
      await write(ids.slice(0, 4).map((Key) => ({ DeleteRequest: { Key } })));
      const found: unknown[] = [];
      let pages = 0;
      let start: Record<string, AttributeValue> | undefined;
      do {
        const command = new ScanCommand({
          ...{ TableName: name, ConsistentRead: true },
          ...(start && { ExclusiveStartKey: start }),
        });
        const { Items = [], LastEvaluatedKey } = await client.send(command);
        found.push(...Items.map(({ n }) => n?.N));
        start = LastEvaluatedKey;
        pages += 1;
      } while (start !== undefined);
      expect(found.toSorted()).toEqual(
        ids
          .slice(4)
          .map(({ n }) => n.N)
          .toSorted(),
      );
      expect(pages).toBeGreaterThan(1);
      const twice = [ids[5], ids[5]].map((Key) => ({ DeleteRequest: { Key } }));
      await expect(write(twice)).rejects.toMatchObject({ name: 'ValidationException' });
    });
  });
}
