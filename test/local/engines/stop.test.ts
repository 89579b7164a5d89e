import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  PutRecordCommand,
} from '@aws-sdk/client-kinesis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Clients, createClients } from '../../../local/clients.ts';
import { type Engine, type EngineName, startEngine } from '../../../local/engines/engine.ts';

const ROUNDS = 2;
const CALLERS = 20;
const CALLS = 40;
/** Longer than a stop takes on a machine however busy, and shorter than one that waits for what never comes. */
const patienceMs = 10_000;

let dataDir: string;
let failures: Error[];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'stop-'));
  failures = [];
});

afterEach(() => rm(dataDir, { recursive: true }));

/** What an engine keeps: one record or item, and the call that reads it. */
interface Kept {
  engine: EngineName;
  write(clients: Clients): Promise<unknown>;
  /** @returns how many records or items there are */
  read(clients: Clients): Promise<number | undefined>;
}

const kept: Kept[] = [
  {
    engine: 'kinesalite',
    async write({ kinesis }) {
      await kinesis.send(new CreateStreamCommand({ StreamName: 'kept', ShardCount: 1 }));
      await expect
        .poll(() =>
          kinesis
            .send(new PutRecordCommand({ StreamName: 'kept', PartitionKey: 'a', Data: Buffer.of(1) }))
            .then(
              () => 'put',
              (error: Error) => error.message,
            ),
        )
        .toBe('put');
    },
    async read({ kinesis }) {
      const position = { ShardId: 'shardId-000000000000', ShardIteratorType: 'TRIM_HORIZON' } as const;
      const { ShardIterator } = await kinesis.send(
        new GetShardIteratorCommand({ StreamName: 'kept', ...position }),
      );
      return (await kinesis.send(new GetRecordsCommand({ ShardIterator }))).Records?.length;
    },
  },
  {
    engine: 'dynalite',
    async write({ dynamodb }) {
      await dynamodb.send(
        new CreateTableCommand({
          TableName: 'kept',
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
          KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        }),
      );
      await expect
        .poll(() =>
          dynamodb.send(new PutItemCommand({ TableName: 'kept', Item: { id: { S: 'a' } } })).then(
            () => 'put',
            (error: Error) => error.message,
          ),
        )
        .toBe('put');
    },
    read: async ({ dynamodb }) => (await dynamodb.send(new ScanCommand({ TableName: 'kept' }))).Count,
  },
];

describe.each(kept)('$engine', ({ engine: name, write, read }) => {
  it('stops in the middle of many reads, and has kept what was written', async () => {
    await withEngine(name, write);
    for (let round = 0; round < ROUNDS; round++) {
      const calls = await withEngine(name, async (clients) => {
        expect(await read(clients)).toBe(1);
        const callers = Array.from({ length: CALLERS }, () => callUntilRefused(() => read(clients)));
        await expect.poll(() => callers.reduce((sum, { made }) => sum + made(), 0)).toBeGreaterThan(CALLS);
        return callers;
      });
      await Promise.all(calls.map(({ refused }) => refused));
    }
    expect(failures).toEqual([]);
  });
});

it('kinesalite forgets a client that went away in the middle of its request, and stops at once', async () => {
  const engine = await start('kinesalite');
  const { port, hostname } = new URL(engine.endpoint);
  const socket = connect(Number(port), hostname);
  socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nbegun');
  // Answered behind it, so that the engine has seen it.
  await fetch(engine.endpoint, { method: 'POST', body: '{}' });
  socket.destroy();
  const startedAt = performance.now();
  await engine.stop();
  expect(performance.now() - startedAt).toBeLessThan(patienceMs);
});

/** An engine on the test's data, stopped afterwards, whatever is still asked of it. */
async function withEngine<Result>(
  name: EngineName,
  use: (clients: Clients) => Promise<Result>,
): Promise<Result> {
  const engine = await start(name);
  const { endpoint } = engine;
  const clients = createClients(
    { kinesis: endpoint, dynamodb: endpoint, sqs: endpoint, s3: endpoint },
    'us-east-1',
  );
  try {
    return await use(clients);
  } finally {
    await engine.stop();
    clients.destroy();
  }
}

function start(name: EngineName): Promise<Engine> {
  return startEngine(name, {
    ...{ port: 0, dataDir, region: 'us-east-1', accountId: '000000000000' },
    onFailure: (error) => failures.push(error),
  });
}

function callUntilRefused(call: () => Promise<unknown>) {
  let made = 0;
  const calling = async () => {
    for (;;) {
      await call();
      made += 1;
    }
  };
  return { made: () => made, refused: calling().catch(() => {}) };
}
