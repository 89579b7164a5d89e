import type { AttributeValue, DynamoDBClient, UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { beforeAll, describe, expect, test } from 'vitest';
import { createTable } from '../support/dynamo-engine.ts';

const text = (S: string): AttributeValue => ({ S });
const number = (N: string): AttributeValue => ({ N });

const stored = {
  id: text('there'),
  n: number('5'),
  word: text('b'),
  map: { M: { inner: { M: { deep: number('1.5') } }, other: text('x') } },
};

/** What conditions and updates mean: to be run on each engine. */
export function expressionsContract(running: () => DynamoDBClient): void {
  describe('expressions', () => {
    let table: string;
    let client: DynamoDBClient;

    beforeAll(async () => {
      client = running();
      table = await createTable(client, { id: 'S' });
    });

    const put = (Item: Record<string, AttributeValue> = stored) =>
      client.send(new PutItemCommand({ TableName: table, Item }));
    const itemOf = async (id: string) => {
      const Key = { id: text(id) };
      return (await client.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }))).Item;
    };
    const update = async (
      UpdateExpression: string,
      more: Partial<UpdateItemCommandInput> = {},
      id = 'there',
    ) => {
      const Key = { id: text(id) };
      return client.send(new UpdateItemCommand({ TableName: table, Key, UpdateExpression, ...more }));
    };

    const values = {
      ':five': number('5.0'),
      ':ten': number('10'),
      ':a': text('a'),
      ':c': text('c'),
      ':deep': number('1.5'),
    };

    test.each([
      ['n = :five', true],
      ['n <> :five', false],
      ['n < :ten AND n <= :five AND n >= :five', true],
      ['n > :five', false],
      ['n < :a', false],
      ['n <> :a', true],
      ['word > :a AND word < :c', true],
      ['absent = :a', false],
      ['absent <> :a', true],
      ['absent < :a', false],
      ['attribute_exists(n) AND attribute_not_exists(absent)', true],
      ['attribute_not_exists(n) OR n = :five', true],
      ['NOT attribute_exists(n) OR NOT n = :five', false],
      ['NOT (attribute_not_exists(n) OR n = :ten)', true],
      ['n = :ten OR n = :five AND attribute_exists(absent)', false],
      ['(n = :five OR n = :ten) AND attribute_exists(word)', true],
      ['#map.#inner.deep = :deep', true],
      ['attribute_exists(#map.#inner.deep.more)', false],
      [':five = n', true],
    ])('a condition: %s is %s', async (ConditionExpression, isMet) => {
      await put();
      const used = (placeholders: Record<string, unknown>) =>
        Object.entries(placeholders).filter(([name]) => new RegExp(`${name}\\b`).test(ConditionExpression));
      const names = Object.fromEntries(used({ '#map': 'map', '#inner': 'inner' }));
      const given = Object.fromEntries(used(values));
      const command = new DeleteItemCommand({
        TableName: table,
        Key: { id: text('there') },
        ConditionExpression,
        ...(Object.keys(names).length > 0 && { ExpressionAttributeNames: names as Record<string, string> }),
        ...(Object.keys(given).length > 0 && {
          ExpressionAttributeValues: given as Record<string, AttributeValue>,
        }),
      });
      const deleted = client.send(command);
      if (isMet) await deleted;
      else await expect(deleted).rejects.toThrow(ConditionalCheckFailedException);
      expect((await itemOf('there')) === undefined).toBe(isMet);
    });

    test('an update sets, adds and removes, also deep in a map, from what the item was before', async () => {
      await put();
      const { Attributes } = await update(
        'SET #n = :ten, former = #n, #map.#inner.fresh = :a REMOVE word ADD more :ten',
        {
          ExpressionAttributeNames: { '#n': 'n', '#map': 'map', '#inner': 'inner' },
          ExpressionAttributeValues: { ':ten': number('10'), ':a': text('a') },
          ReturnValues: 'ALL_NEW',
        },
      );
      const expected = {
        id: text('there'),
        n: number('10'),
        former: number('5'),
        more: number('10'),
        map: { M: { inner: { M: { deep: number('1.5'), fresh: text('a') } }, other: text('x') } },
      };
      expect(await itemOf('there')).toEqual(expected);
      expect(Attributes).toEqual(expected);
    });

    test('an update adds and subtracts numbers exactly', async () => {
      await put({ id: text('there'), n: number('9007199254740993'), small: number('0.1') });
      await update('SET n = n + :one, small = small - :third ADD #more :one', {
        ExpressionAttributeNames: { '#more': 'more' },
        ExpressionAttributeValues: { ':one': number('1'), ':third': number('0.3') },
      });
      await update('ADD n :minus', { ExpressionAttributeValues: { ':minus': number('-0.5') } });
      expect(await itemOf('there')).toEqual({
        id: text('there'),
        n: number('9007199254740993.5'),
        small: number('-0.2'),
        more: number('1'),
      });
    });

    test('an update takes what is there before what is not', async () => {
      await put();
      const { Attributes } = await update('SET n = if_not_exists(n, :a), fresh = if_not_exists(fresh, :a)', {
        ExpressionAttributeValues: { ':a': text('a') },
        ReturnValues: 'ALL_OLD',
      });
      expect(Attributes).toMatchObject({ id: text('there'), n: number('5'), word: text('b') });
      expect(await itemOf('there')).toMatchObject({ n: number('5'), fresh: text('a') });
    });

    test('an update makes an item that is not there, unless its condition wants one', async () => {
      const given = { ExpressionAttributeValues: { ':a': text('a') } };
      const wanting = update(
        'SET word = :a',
        { ...given, ConditionExpression: 'attribute_exists(id)' },
        'new',
      );
      await expect(wanting).rejects.toThrow(ConditionalCheckFailedException);
      expect(await itemOf('new')).toBeUndefined();
      await update('SET word = :a', given, 'new');
      expect(await itemOf('new')).toEqual({ id: text('new'), word: text('a') });
    });

    test.each([
      ['a map that is not there', 'SET absent.inner = :a', {}],
      ['the key', 'SET id = :a', {}],
      ['one path twice', 'SET word = :a, word = :a', {}],
      ['a path within another', 'SET #m = :a REMOVE #m.inner', { '#m': 'map' }],
      ['a number and a text', 'SET n = n + :a', {}],
      ['an attribute that is not there', 'SET n = absent, word = :a', {}],
      ['a clause twice', 'SET word = :a SET n = :a', {}],
      ['nothing', 'SET', {}],
      ['a placeholder that stands for nothing', 'SET word = :a, n = :missing', {}],
      ['a placeholder that is not used', 'REMOVE word', {}],
    ])('an update is refused: %s', async (_, expression, names) => {
      await put();
      const refused = update(expression, {
        ...(Object.keys(names).length > 0 && { ExpressionAttributeNames: names as Record<string, string> }),
        ExpressionAttributeValues: { ':a': text('a') },
      });
      await expect(refused).rejects.toMatchObject({ name: 'ValidationException' });
      expect(await itemOf('there')).toEqual(stored);
    });
  });
}
