import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ListTablesCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { PutRecordCommand } from '@aws-sdk/client-kinesis';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { RestoreChoices } from '../../../cli/restore/plan.ts';
import { prepareRestore, type RestoreContext, restore } from '../../../cli/restore/restore.ts';
import { backupsSource } from '../../../cli/restore/source.ts';
import { takeBackup } from '../../../cli/restore/take-backup.ts';
import { route } from '../../../client/event-lines.ts';
import { ownBeacon } from '../../../client/own-beacon.ts';
import { Producer } from '../../../client/producer.ts';
import { type LotteryResources, lotteryResources } from '../../../client/resources.ts';
import { KinesisStreams } from '../../../client/streams/kinesis-streams.ts';
import type { Assembly } from '../../../local/cloudformation/assembly.ts';
import { startRuntime } from '../../../local/runtime.ts';
import type { Runtime } from '../../../local/runtime-options.ts';
import { readStored } from '../../../proof/soak/tables.ts';
import { synthesizeDev } from '../../integration/support/pipeline.ts';
import { buy, click, start } from '../../support/client-events.ts';
import { interceptedClient } from './support.ts';

let dataDir: string;
let runtime: Runtime;
let resources: LotteryResources;
let context: RestoreContext;
const said: string[] = [];

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'restore-'));
  await startEnvironment(await recoverable());
});

afterAll(async () => {
  await runtime?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

/** The app with point-in-time recovery and, once, mappings that start to read at a time. */
async function recoverable(startAt?: Date): Promise<Assembly> {
  const assembly = await synthesizeDev();
  for (const { template } of assembly.stacks) {
    for (const { Type, Properties } of Object.values(template.Resources)) {
      if (Type === 'AWS::DynamoDB::Table')
        Properties.PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
      if (startAt && 'StartingPosition' in Properties) {
        Properties.StartingPosition = 'AT_TIMESTAMP';
        Properties.StartingPositionTimestamp = startAt.getTime() / 1000;
      }
    }
  }
  return assembly;
}

async function startEnvironment(assembly: Assembly): Promise<void> {
  runtime = await startRuntime({
    ...{ ...ownBeacon, assembly, dataDir },
    emulation: { idleWindowCloseMs: 1_000 },
  });
  resources = lotteryResources(runtime);
  const { region, lambdaEndpoint, clients } = runtime;
  const credentials = { accessKeyId: 'restore', secretAccessKey: 'restore' };
  context = {
    clients: {
      dynamodb: clients.dynamodb,
      lambda: new LambdaClient({ region, endpoint: lambdaEndpoint, credentials, maxAttempts: 1 }),
    },
    say: (line) => said.push(line),
    sleep: () => sleep(5),
    now: () => new Date(),
  };
}

async function put(...events: object[]): Promise<void> {
  const producer = new Producer(new KinesisStreams(runtime.clients.kinesis), resources);
  for (const event of events) {
    const text = JSON.stringify(event);
    await producer.put({ ...route(text), data: Buffer.from(text) });
  }
  // Not that of the queue: a tick goes round until its window is complete.
  for (const mapping of [...runtime.mappings.values()].flat())
    if (!mapping.status().sourceArn.includes(':sqs:')) await mapping.drained();
}

/** The app is one for replays: its time is that of clicks and heartbeats. */
async function completeWindows(): Promise<void> {
  const Data = Buffer.from(JSON.stringify({ type: 'Heartbeat', time: Date.now() + 60_000 }));
  const place = { StreamName: resources.userEventsInput, PartitionKey: 'heartbeat' };
  await runtime.clients.kinesis.send(new PutRecordCommand({ ...place, Data }));
}

const clickNow = (userId: number) => click(userId, Date.now());

async function coupons(): Promise<Record<string, number>> {
  const { users } = await readStored(runtime);
  return Object.fromEntries(users.map(({ userId, coupons: left }) => [userId, left]));
}

/** The environment's own, as the stacks say. */
const ownTables = () =>
  Object.entries(runtime.outputs)
    .flatMap(([output, name]) => (output.endsWith('TableName') ? [name] : []))
    .sort();

/** Everything that every table of the environment holds, but for who looked last how far the inputs are: whenever a mapping runs, somebody does. */
async function contents(): Promise<Record<string, string[]>> {
  const all: Record<string, string[]> = {};
  for (const TableName of ownTables()) {
    const { Items = [] } = await runtime.clients.dynamodb.send(new ScanCommand({ TableName }));
    const told = Items.filter((item) => !('lookedAt' in item));
    all[TableName] = told.map((item) => JSON.stringify(Object.entries(item).sort())).sort();
  }
  return all;
}

/** What nobody enabled meanwhile does not write: between these two, everything has its own millisecond. */
async function instant(): Promise<Date> {
  await sleep(2);
  const at = new Date();
  await sleep(2);
  return at;
}

async function run(choices: RestoreChoices): Promise<void> {
  await restore(await prepareRestore('dev', choices, context), choices, context);
}

/** Whether a call puts items, and not only deletes some. */
const isPut = (command: string, input: object) =>
  command === 'BatchWriteItemCommand' && JSON.stringify(input).includes('PutRequest');

/** The same, but that something happens before its calls of DynamoDB. */
function intercepted(before: (command: string, input: object) => Promise<void> | void): RestoreContext {
  const dynamodb = interceptedClient(runtime.endpoints.dynamodb, before);
  return { ...context, clients: { ...context.clients, dynamodb } };
}

async function setMappings(enabled: boolean): Promise<void> {
  for (const mapping of [...runtime.mappings.values()].flat()) {
    if (enabled) mapping.enable();
    else await mapping.disable();
  }
}

it('restores every table to an instant, though it was interrupted, and the streams bring the rest again', async () => {
  await put(start());
  await put(buy(1, 10), buy(2, 10));
  await put(clickNow(1));
  await completeWindows();
  const before = await vi.waitFor(
    async () => {
      const { draws } = await readStored(runtime);
      expect(draws).toHaveLength(1);
      const all = await contents();
      await sleep(500);
      expect(await contents()).toEqual(all);
      return all;
    },
    { timeout: 180_000, interval: 50 },
  );
  const at = await instant();
  await put(buy(3, 10), clickNow(2), clickNow(2));
  const after = await coupons();
  expect(after).toEqual({ 1: 9, 2: 8, 3: 10 });

  const choices = { source: { kind: 'time', at }, disableMappings: false, acceptLostEvents: false } as const;
  await expect(run(choices)).rejects.toThrow(/mapping of dev-\S+ is Enabled .*--disable-mappings/);
  expect(await coupons()).toEqual(after);
  const disabling = { ...choices, disableMappings: true };
  const prepared = await prepareRestore('dev', disabling, context);
  expect(prepared.plan.steps.map(({ table }) => table)).toEqual(Object.keys(before));

  const dying = intercepted((command, input) => {
    if (isPut(command, input)) throw new Error('The process was killed');
  });
  await expect(restore(prepared, disabling, dying)).rejects.toThrow('The process was killed');
  const emptied = Object.entries(await contents()).filter(([, items]) => items.length === 0);
  expect(emptied.map(([name]) => name)).not.toEqual([]);
  const other = { ...choices, source: { kind: 'time', at: new Date(at.getTime() + 1_500) } } as const;
  await expect(run(other)).rejects.toThrow('-restoring is there and not of');

  await run(choices);
  expect(await contents()).toEqual(before);
  expect(said).toContain('dev-users: 2 items, as in dev-users-restoring');
  await vi.waitFor(
    async () => {
      const { TableNames } = await runtime.clients.dynamodb.send(new ListTablesCommand({}));
      expect(TableNames).toEqual(ownTables());
    },
    { timeout: 180_000, interval: 50 },
  );

  // New mappings, from before the instant: what the tables have is left out, and the rest is applied.
  context.clients.lambda.destroy();
  await runtime.stop();
  await startEnvironment(await recoverable(new Date(at.getTime() - 60_000)));
  await put();
  expect(await coupons()).toEqual(after);
});

it('restores a set of backups, and makes none while a mapping runs', async () => {
  await expect(takeBackup('dev', { disableMappings: false }, context)).rejects.toThrow('is Enabled');
  const set = await takeBackup('dev', { disableMappings: true }, context);
  const before = await contents();
  await setMappings(true);
  await put(buy(4, 10));
  expect(await coupons()).toHaveProperty('4');
  const choices = { source: backupsSource(set), disableMappings: true, acceptLostEvents: false };
  await run(choices);
  expect(await contents()).toEqual(before);
});

it('stops before it empties a table when somebody enables a mapping meanwhile', async () => {
  const restored = await contents();
  const at = await instant();
  const choices = { source: { kind: 'time', at }, disableMappings: false, acceptLostEvents: false } as const;
  const Item = { userId: { S: 'of later' }, coupons: { N: '1' } };
  await runtime.clients.dynamodb.send(new PutItemCommand({ TableName: 'dev-users', Item }));
  const before = await contents();
  const prepared = await prepareRestore('dev', choices, context);
  const meddled = { ...context, say: (line: string) => line.endsWith('is whole') && setMappings(true) };
  await expect(restore(prepared, choices, meddled)).rejects.toThrow('is Enabled: nothing may write');
  // The functions may have gone on with their draws in that moment; nothing was emptied.
  const { 'dev-draws': drawsAfter = [], ...after } = await contents();
  const { 'dev-draws': drawsBefore = [], ...same } = before;
  expect(after).toEqual(same);
  expect(drawsBefore).not.toEqual([]);
  expect(drawsAfter.length).toBeGreaterThanOrEqual(drawsBefore.length);
  await setMappings(false);
  await run(choices);
  expect(await contents()).toEqual(restored);
});

it('does not take a table for restored that differs from its copy', async () => {
  const before = await contents();
  const at = await instant();
  const choices = { source: { kind: 'time', at }, disableMappings: false, acceptLostEvents: false } as const;
  const Item = { userId: { S: 'of another writer' }, coupons: { N: '1' } };
  const shared = intercepted(async (command, input) => {
    if (!isPut(command, input) || !JSON.stringify(input).includes('dev-users')) return;
    await runtime.clients.dynamodb.send(new PutItemCommand({ TableName: 'dev-users', Item }));
  });
  const prepared = await prepareRestore('dev', choices, shared);
  await expect(restore(prepared, choices, shared)).rejects.toThrow(
    /^dev-users differs from dev-users-restoring/,
  );
  await run(choices);
  expect(await contents()).toEqual(before);
});
