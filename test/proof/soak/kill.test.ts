import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { Expectations } from '../../../client/expectations.ts';
import type { LotteryResources } from '../../../client/resources.ts';
import { KinesisStreams } from '../../../client/streams/kinesis-streams.ts';
import { type Clients, createClients } from '../../../local/clients.ts';
import { systemClock } from '../../../local/clock.ts';
import type { Endpoints } from '../../../local/engines/index.ts';
import { Random } from '../../../local/faults/random.ts';
import { archiveHoldsTheOutputs } from '../../../proof/audit/archive.ts';
import { audit } from '../../../proof/audit/audit.ts';
import { Players } from '../../../proof/simulation/players.ts';
import { signaturesFrom, signaturesOf } from '../../../proof/soak/chain-signatures.ts';
import { Observations } from '../../../proof/soak/observations.ts';
import { RecordPutter } from '../../../proof/soak/record-putter.ts';
import { slackMs, streamsOf } from '../../../proof/soak/streams.ts';
import { readStored } from '../../../proof/soak/tables.ts';
import { ownClient, Watcher } from '../../../proof/soak/watcher.ts';
import { type Command, freePorts, startCommand } from '../../integration/support/command.ts';
import { drawnAtOnce, sharedAssemblyDirectory } from '../../support/shared-assembly.ts';

const windowMs = 2_000;
const region = 'us-east-1';

const resources: LotteryResources = {
  ...{ lotteryEventsInput: 'dev-lottery-events-input', userEventsInput: 'dev-user-events-input' },
  ...{ lotteryEventsOutput: 'dev-lottery-events-output', userEventsOutput: 'dev-user-events-output' },
  ...{ windowMs, graceMs: 1_000 },
};

/** Those of `soakContext`, beside what dev has. */
const settings = { windowMs, graceMs: 1_000, toleranceMs: 120_000, retentionMs: 25 * 3_600_000 };

let directory: string;
let assembly: string;
let port: number;
let clients: Clients;
let command: Command | undefined;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'killed-'));
  assembly = await sharedAssemblyDirectory(drawnAtOnce);
  port = await freePorts();
  clients = createClients(endpoints(), region);
});

afterEach(() => {
  command?.process.kill('SIGKILL');
});

afterAll(async () => {
  clients.destroy();
  await rm(directory, { recursive: true, force: true });
});

function endpoints(): Endpoints {
  const at = (offset: number) => `http://127.0.0.1:${port + offset}`;
  return { kinesis: at(0), dynamodb: at(1), sqs: at(2), s3: at(2) };
}

/** `npm start` on the data of the last time, once it says where its streams are. */
async function start(): Promise<Command> {
  const data = join(directory, 'data');
  const started = startCommand(
    ['--no-players', '--port', String(port), '--data', data, '--assembly', assembly],
    directory,
  );
  command = started;
  let ended = false;
  void started.ended.then(() => {
    ended = true;
  });
  await vi.waitUntil(() => ended || started.stdout.includes('Streams:'), { timeout: 180_000, interval: 20 });
  expect(started.stdout, started.stderr).toContain('Streams:');
  return started;
}

async function kill(started: Command): Promise<void> {
  started.process.kill('SIGKILL');
  await started.ended;
}

/** Of the chain that lies with the data, on the port of Lambda's API. */
async function ownSignatures() {
  const endpoint = `http://127.0.0.1:${port + 3}`;
  const [chainHash = ''] = z.array(z.string()).parse(await (await fetch(`${endpoint}/chains`)).json());
  return signaturesFrom(endpoint, chainHash);
}

async function stored() {
  const { Buckets = [] } = await clients.s3.send(new ListBucketsCommand());
  const bucket = (name: string) => Buckets.find(({ Name }) => Name?.includes(name))?.Name ?? '';
  const outputs = {
    ...{ UsersTableName: 'dev-users', DrawsTableName: 'dev-draws', RefundsTableName: 'dev-refunds' },
    ...{ LotteriesTableName: 'dev-lotteries', SeedsTableName: 'dev-seeds', GrantsTableName: 'dev-grants' },
    ...{ ArtifactsBucketName: bucket('artifacts'), DrawsBucketName: bucket('draws') },
  };
  return readStored({ clients, outputs });
}

it('goes on without loss after the whole process was killed', async () => {
  const players = new Players({
    ...{ random: new Random(1, 'players'), users: 20, lotteries: [1, 2, 'gold'], windowMs, now: Date.now },
    ...{ graceMs: settings.graceMs, toleranceMs: settings.toleranceMs, mostAheadMs: 3 * windowMs },
  });
  const kinesis = ownClient({ endpoints: endpoints(), region });
  const outer = new KinesisStreams(kinesis);
  const grants = { dynamodb: clients.dynamodb, table: 'dev-grants' };
  const putter = new RecordPutter(outer, grants, systemClock, resources);
  const play = (count: number) => putter.putAll(Array.from({ length: count }, () => players.next()));

  const first = await start();
  await putter.putAll(players.opening());
  await vi.waitUntil(async () => (await stored()).lotteries.length > 0, { timeout: 180_000 });
  await play(60);
  await vi.waitUntil(async () => (await stored()).users.length > 0, { timeout: 180_000 });
  // Some of it is done when the kill comes, some under way, and some not begun.
  for (let put = 0; put < 5; put += 1) await play(60);
  await kill(first);
  const second = await start();
  await play(60);
  await putter.putAll(players.closing());

  const failures = new AbortController();
  const expectations = new Expectations({ windowMs, now: Date.now });
  const watcher = new Watcher({
    ...{ outer, clock: systemClock, signal: failures.signal },
    observations: new Observations(resources, expectations),
    fail: (error) => failures.abort(error),
  });
  const isPut = () => watcher.inputs.user.length + watcher.inputs.lottery.length >= putter.count;
  const never = new AbortController().signal;
  await watcher.until(() => isPut() && expectations.complete, never);
  await watcher.caughtUp(never);
  const { emitted } = watcher.outputs;
  const isArchived = async () => {
    const { archive } = await stored();
    return archiveHoldsTheOutputs({ emitted, archive }).length === 0;
  };
  await vi.waitUntil(isArchived, { timeout: 180_000 });
  const atRest = await stored();
  const violations = await audit({
    ...{ ...atRest, emitted },
    signatures: await signaturesOf(atRest, await ownSignatures()),
    ...(await streamsOf(watcher, outer, resources)),
    put: putter.put,
    settings: { ...settings, slackMs, until: Date.now(), grants: putter.granted },
  });
  expect(violations).toEqual([]);
  expect(watcher.outputs.of('lottery').some(({ type }) => type === 'LotteryWinnerEvent')).toBe(true);
  await watcher.stop();
  kinesis.destroy();
  await kill(second);
});
