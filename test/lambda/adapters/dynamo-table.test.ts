import type { BatchGetItemCommandInput, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DynamoTable } from '../../../lambda/adapters/dynamo-table.ts';
import { createTable, dynaliteEngine, dynamoClientAt } from '../../support/dynamo-engine.ts';
import { noWaiting } from '../../support/sdk-clients.ts';

/** A real engine, whose answers a middleware makes worse: what DynamoDB may do and dynalite never does. */

type Keys = NonNullable<NonNullable<BatchGetItemCommandInput['RequestItems']>[string]['Keys']>;

let engine: Awaited<ReturnType<typeof dynaliteEngine>>;
let name: string;

beforeAll(async () => {
  engine = await dynaliteEngine();
  name = await createTable(engine.client, { id: 'S' });
  const table = new DynamoTable(engine.client, name);
  await table.putAll(
    keysTo(150).map((key) => ({ item: { ...key, n: 1 }, condition: 'attribute_not_exists(id)' })),
  );
});

afterAll(() => engine.stop());

const keysTo = (count: number) => Array.from({ length: count }, (_, n) => ({ id: `item ${n}` }));

/** The engine's client, but each read answers for no more than `processed` keys and hands the others back. */
function clientThatProcesses(processed: number): {
  client: DynamoDBClient;
  reads: Keys[];
  consistent: Set<unknown>;
} {
  const client = dynamoClientAt(engine.endpoint);
  const reads: Keys[] = [];
  const consistent = new Set<unknown>();
  client.middlewareStack.add(
    (next) => async (call) => {
      const { input } = call;
      const request = 'RequestItems' in input ? input.RequestItems?.[name] : undefined;
      if (request === undefined || !('Keys' in request)) return next(call);
      const keys = request.Keys ?? [];
      reads.push(keys);
      consistent.add(request.ConsistentRead);
      const part = { RequestItems: { [name]: { ...request, Keys: keys.slice(0, processed) } } };
      const rest = keys.slice(processed);
      if (processed === 0) {
        return { response: {}, output: { $metadata: {}, UnprocessedKeys: { [name]: { Keys: rest } } } };
      }
      const { output, response } = await next({ ...call, input: part });
      return {
        response,
        output: { ...output, ...(rest.length > 0 && { UnprocessedKeys: { [name]: { Keys: rest } } }) },
      };
    },
    { step: 'initialize' },
  );
  return { client, reads, consistent };
}

describe('reading many items', () => {
  test('asks for at most 100 keys a call', async () => {
    const { client, reads, consistent } = clientThatProcesses(100);
    expect(await new DynamoTable(client, name).getAll(keysTo(150), true)).toHaveLength(150);
    expect(reads.map((keys) => keys.length)).toEqual([100, 50]);
    expect(consistent).toEqual(new Set([true]));
  });

  test('asks again for the keys that came back unprocessed', async () => {
    const { client, reads } = clientThatProcesses(40);
    const retry = noWaiting();
    const items = await new DynamoTable(client, name, retry).getAll(keysTo(100), false);
    expect(new Set(items.map(({ id }) => id)).size).toBe(100);
    expect(reads.map((keys) => keys.length)).toEqual([100, 60, 20]);
    expect(retry.pauses).toEqual([150, 150]);
  });

  test('fails when keys stay unprocessed: an item that was not read is not an item that is not there', async () => {
    const { client, reads } = clientThatProcesses(0);
    const table = new DynamoTable(client, name, noWaiting(3));
    await expect(table.getAll(keysTo(100), false)).rejects.toThrow(`100 items of ${name} could not be read`);
    expect(reads).toHaveLength(3);
  });

  test('takes as many calls as it needs as long as some keys are processed', async () => {
    const { client, reads } = clientThatProcesses(10);
    expect(await new DynamoTable(client, name, noWaiting(3)).getAll(keysTo(100), false)).toHaveLength(100);
    expect(reads).toHaveLength(10);
  });
});

describe('putting under conditions', () => {
  test('each item has its own result', async () => {
    const table = new DynamoTable(engine.client, name);
    const fresh = 'attribute_not_exists(id)';
    const results = await table.putAll([
      { item: { id: 'new', n: 1 }, condition: fresh },
      { item: { id: 'item 0', n: 2 }, condition: fresh },
      { item: { id: 'item 1', n: 2 }, condition: 'n = :n', values: { ':n': 1 } },
      { item: { id: 'wrong', n: 2 }, condition: 'no condition' },
    ]);
    expect(results.map(({ kind }) => kind)).toEqual(['written', 'conflict', 'written', 'failed']);
  });

  test('an error of the first put if absent is thrown, not taken for an item that is there', async () => {
    const table = new DynamoTable(engine.client, 'no-such-table');
    await expect(table.putIfAbsent({ id: 'a' }, { id: 'a' })).rejects.toThrow();
  });

  test('an item that is there is returned as it is', async () => {
    const table = new DynamoTable(engine.client, name);
    expect(await table.putIfAbsent({ id: 'once', n: 1 }, { id: 'once' })).toEqual({
      stored: { id: 'once', n: 1 },
      isNew: true,
    });
    expect(await table.putIfAbsent({ id: 'once', n: 2 }, { id: 'once' })).toEqual({
      stored: { id: 'once', n: 1 },
      isNew: false,
    });
  });
});
