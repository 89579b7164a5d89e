import { BatchWriteItemCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { contentsOf, copyTable, emptyTable, withoutPositions } from '../../../cli/restore/copy.ts';
import { createTable, dynaliteEngine } from '../../support/dynamo-engine.ts';
import { intercept, interceptedClient, throttledClient, throttling } from './support.ts';

let engine: Awaited<ReturnType<typeof dynaliteEngine>>;

beforeAll(async () => {
  engine = await dynaliteEngine();
});

afterAll(() => engine?.stop());

const ITEMS = 120;
/** So that all items are longer than a page of a scan, which has 1 MB. */
const LONG = 'x'.repeat(20_000);

async function filledTable(payload = ''): Promise<string> {
  const table = await createTable(engine.client, { lotteryId: 'S', run: 'N' });
  for (let start = 0; start < ITEMS; start += 20) {
    const puts = Array.from({ length: 20 }, (_, index) => ({
      PutRequest: {
        Item: { lotteryId: { S: `lottery-${start + index}` }, run: { N: '0' }, payload: { S: payload } },
      },
    }));
    await engine.client.send(new BatchWriteItemCommand({ RequestItems: { [table]: puts } }));
  }
  return table;
}

const patience = { timeout: 180_000, interval: 1 };

const pauses: number[] = [];
const sleep = async (ms: number) => {
  pauses.push(ms);
};

it('empties and fills a table of more than one page, whatever it holds back of a call', async () => {
  const [from, to] = [await filledTable(LONG), await filledTable(LONG)];
  const io = { dynamodb: throttledClient(engine.endpoint, 10), sleep };
  await engine.client.send(
    new PutItemCommand({ TableName: to, Item: { lotteryId: { S: 'another' }, run: { N: '7' } } }),
  );
  expect(await emptyTable(to, ['lotteryId', 'run'], io)).toBe(ITEMS + 1);
  expect(await contentsOf(to, io)).toMatchObject({ items: 0 });
  const copied = await copyTable(from, to, io);
  expect(copied.items).toBe(ITEMS);
  expect(await contentsOf(to, io)).toEqual(copied);
});

it('leaves cursors out of items that have some, and watermarks whole, where the streams are others', async () => {
  const [from, to] = [
    await createTable(engine.client, { id: 'S' }),
    await createTable(engine.client, { id: 'S' }),
  ];
  const user = { id: { S: 'user' }, coupons: { N: '7' } };
  const draw = { id: { S: 'draw' }, winner: { S: 'user' } };
  const cursors = { M: { 'shardId-000000000000': { M: { sequenceNumber: { S: '49' } } } } };
  const watermark = {
    id: { S: 'watermark' },
    shardId: { S: 'user/shardId-000000000000' },
    position: { S: '49' },
  };
  for (const Item of [{ ...user, cursors }, draw, watermark]) {
    await engine.client.send(new PutItemCommand({ TableName: from, Item }));
  }
  const io = { dynamodb: engine.client, sleep };
  expect(await copyTable(from, to, io, withoutPositions)).toEqual(await contentsOf(to, io));
  const { Items } = await engine.client.send(new ScanCommand({ TableName: to }));
  expect(Items).toHaveLength(2);
  expect(Items).toEqual(expect.arrayContaining([{ ...user, cursors: { M: {} } }, draw]));
});

it('gives up on a table that takes nothing at all, after longer and longer pauses', async () => {
  const [from, to] = [await filledTable(), await createTable(engine.client, { lotteryId: 'S', run: 'N' })];
  pauses.length = 0;
  await expect(copyTable(from, to, { dynamodb: throttledClient(engine.endpoint, 0), sleep })).rejects.toThrow(
    `${to} is throttled: nothing got through for minutes`,
  );
  expect(Math.max(...pauses)).toBeGreaterThan(10_000);
});

it('goes on after calls that were refused as a whole, by whichever name of throttling', async () => {
  const [from, to] = [await filledTable(), await filledTable()];
  pauses.length = 0;
  // Every fifth call is let through.
  const throttlings = [
    undefined,
    'ProvisionedThroughputExceededException',
    'ThrottlingException',
    'RequestLimitExceeded',
    'ThrottlingException',
  ];
  const calls: Record<string, number> = {};
  const dynamodb = interceptedClient(engine.endpoint, (command) => {
    const count = (calls[command] ?? 0) + 1;
    calls[command] = count;
    const name = throttlings[count % throttlings.length];
    if (name !== undefined) throw throttling(name);
  });
  expect(await emptyTable(to, ['lotteryId', 'run'], { dynamodb, sleep })).toBe(ITEMS);
  const copied = await copyTable(from, to, { dynamodb, sleep });
  expect(copied.items).toBe(ITEMS);
  expect(await contentsOf(to, { dynamodb: engine.client, sleep })).toEqual(copied);
  expect(pauses.length).toBeGreaterThan(0);
});

it('goes on for as long as another call on the table gets something through', async () => {
  const [from, to] = [await filledTable(), await createTable(engine.client, { lotteryId: 'S', run: 'N' })];
  // Refused more often in a row than a call alone is tried, each time while another one puts an item.
  const refusals = 15;
  let [refused, others] = [0, 0];
  let starved: string | undefined;
  const dynamodb = intercept(throttledClient(engine.endpoint, 1), async (command, input) => {
    if (command !== 'BatchWriteItemCommand') return;
    const item = JSON.stringify(input);
    starved ??= item;
    if (item !== starved) {
      others += 1;
      const number = others;
      await vi.waitUntil(() => refused >= Math.min(number, refusals), patience);
    } else if (refused < refusals) {
      refused += 1;
      await vi.waitUntil(() => others >= refused, patience);
      throw throttling();
    }
  });
  const copied = await copyTable(from, to, { dynamodb, sleep });
  expect(copied.items).toBe(ITEMS);
  expect(refused).toBe(refusals);
});

it('gives up on a table that answers no scan, and at once for what is no throttling', async () => {
  const from = await filledTable();
  pauses.length = 0;
  const failing = (error: Error) =>
    interceptedClient(engine.endpoint, () => {
      throw error;
    });
  await expect(contentsOf(from, { dynamodb: failing(throttling()), sleep })).rejects.toThrow(
    `${from} is throttled`,
  );
  expect(pauses.reduce((sum, pause) => sum + pause, 0)).toBeGreaterThan(60_000);
  pauses.length = 0;
  await expect(contentsOf(from, { dynamodb: failing(throttling('AccessDenied')), sleep })).rejects.toThrow(
    'Rate exceeded',
  );
  expect(pauses).toEqual([]);
});

it('tells contents apart by any value, not by the order of what has none', async () => {
  const table = async (attributes: object) => {
    const name = await createTable(engine.client, { id: 'S' });
    const Item = { id: { S: 'same' }, ...attributes };
    await engine.client.send(new PutItemCommand({ TableName: name, Item }));
    return contentsOf(name, { dynamodb: engine.client, sleep });
  };
  const of = (a: string, b: string, bytes: number[]) => ({
    map: { M: { [a]: { N: '1' }, [b]: { L: [{ BOOL: true }] } } },
    bytes: { B: Uint8Array.from(bytes) },
    set: { SS: [a, b] },
  });
  const first = await table(of('a', 'b', [1]));
  expect(await table(of('b', 'a', [1]))).not.toEqual(first);
  expect(await table(of('a', 'b', [2]))).not.toEqual(first);
  expect(await table({ ...of('a', 'b', [1]), set: { SS: ['b', 'a'] } })).toEqual(first);
});
