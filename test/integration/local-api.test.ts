/** The API of a local run, on a real one: what the page may do, and what nobody else may. */

import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Activity } from '../../cli/start/local-api/activity.ts';
import { mostBodyBytes } from '../../cli/start/local-api/request.ts';
import { localApi } from '../../cli/start/local-api.ts';
import { ownBeacon } from '../../client/own-beacon.ts';
import { KinesisStreams } from '../../client/streams/kinesis-streams.ts';
import { toAttributes } from '../../lambda/adapters/attribute-values.ts';
import { nameOf } from '../../lambda/core/block.ts';
import { startRuntime } from '../../local/runtime.ts';
import type { Runtime } from '../../local/runtime-options.ts';
import type { PipelineState } from '../../web/machine/types.ts';
import { buy, click, start } from '../support/client-events.ts';
import { drawnAtOnce, sharedAssembly } from '../support/shared-assembly.ts';

let runtime: Runtime;
let server: Server;
const ending = new AbortController();
const activity = new Activity(Date.now);

beforeAll(async () => {
  const assembly = await sharedAssembly(drawnAtOnce);
  runtime = await startRuntime({ ...ownBeacon, assembly, observer: (event) => activity.observe(event) });
  const api = localApi({
    runtime,
    outer: new KinesisStreams(runtime.clients.kinesis),
    activity,
    signal: ending.signal,
  });
  server = createServer((asked, response) => {
    if (!api(asked, response)) response.writeHead(418).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterAll(async () => {
  ending.abort();
  server.closeAllConnections();
  server.close();
  await runtime.stop();
});

const port = () => (server.address() as AddressInfo).port;
const origin = () => `http://127.0.0.1:${port()}`;

interface Asked {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** With headers as they are given: a browser's own cannot be told what to say. */
function ask({ method = 'GET', path = '/local/pipeline', headers = {}, body = '' }: Asked) {
  return new Promise<{ status: number; headers: IncomingMessage['headers']; text: string }>(
    (resolve, reject) => {
      const asked = request({ host: '127.0.0.1', port: port(), method, path, headers }, async (response) => {
        let text = '';
        for await (const chunk of response) text += chunk;
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
      asked.on('error', reject);
      asked.end(body);
    },
  );
}

async function put(event: unknown) {
  const { status, text } = await ask({
    ...{ method: 'POST', path: '/local/events', body: JSON.stringify(event) },
    headers: { 'content-type': 'application/json', origin: origin() },
  });
  return { status, ...JSON.parse(text) };
}

it('puts an event, and answers with what came of it', async () => {
  expect(await put(start('play'))).toMatchObject({ status: 200, outcome: { type: 'LotteryStartedEvent' } });
  expect(await put(buy(7, 3))).toMatchObject({
    outcome: { type: 'CouponsBoughtEvent', availableCoupons: 3 },
  });
  const { recordId, outcome } = await put(click(7, Date.now(), 'play'));
  expect(outcome).toMatchObject({ type: 'ClickAcceptedEvent', entryId: recordId, availableCoupons: 2 });
  expect(await put(click(8, Date.now(), 'play'))).toMatchObject({
    outcome: { type: 'EventRejectedEvent', reason: 'NO_COUPON' },
  });
});

it('shows the pipeline', async () => {
  const seen = async () => JSON.parse((await ask({})).text) as PipelineState;
  await expect.poll(async () => (await seen()).watermarks.length).toBeGreaterThan(0);
  const state = await seen();
  expect(state.streams.map(({ name }) => name)).toContain('dev-user-events-input');
  expect(state.streams.every(({ shards }) => shards > 0)).toBe(true);
  const users = state.functions.find(({ name }) => name === 'dev-user-events');
  expect(users).toMatchObject({
    failed: 0,
    mappings: [{ source: 'dev-user-events-input', isEnabled: true }],
  });
  expect(users?.uses).toEqual(expect.arrayContaining(['dev-users', 'dev-entries', 'dev-user-events-output']));
  expect(state.failedBatches).toBe(0);
});

it('counts the draws too that are open in a list in the bucket', async () => {
  const { clients, outputs } = runtime;
  const draw = { ...{ lotteryId: 'far', run: 1, windowStart: 0, dueAt: 1 }, blocks: [] };
  const text = JSON.stringify(Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`far@${at}`, draw])));
  const name = nameOf(text);
  await clients.s3.send(
    new PutObjectCommand({ Bucket: outputs.DrawsBucketName, Key: `lists/${name}`, Body: text }),
  );
  const put = (table: string, item: object) =>
    clients.dynamodb.send(new PutItemCommand({ TableName: outputs[table], Item: toAttributes(item) }));
  await put('DrawsTableName', { drawId: 'far#1/open', version: 1, draws: `lists/${name}` });
  await put('LotteriesTableName', { lotteryId: 'far', run: 0, current: { run: 1 } });
  const openDraws = async () => JSON.parse((await ask({})).text).openDraws;
  await expect.poll(openDraws, { timeout: 5_000 }).toBeGreaterThanOrEqual(40);
});

it('says what streams take and what their functions get, a second', async () => {
  const ofUsers = async () => {
    await put(buy(9, 1));
    const { streams } = JSON.parse((await ask({})).text) as PipelineState;
    return streams.find(({ name }) => name === 'dev-user-events-input');
  };
  await expect.poll(async () => ((await ofUsers())?.inPerSecond ?? 0) > 0, { timeout: 8_000 }).toBe(true);
  await expect.poll(async () => ((await ofUsers())?.outPerSecond ?? 0) > 0, { timeout: 8_000 }).toBe(true);
});

describe('is for the page alone', () => {
  it.each<[string, () => Asked, number]>([
    ['a name that was made to lead here', () => ({ headers: { host: `evil.example:${port()}` } }), 403],
    ['no port', () => ({ headers: { host: '127.0.0.1' } }), 403],
    ['another port', () => ({ headers: { host: '127.0.0.1:1' } }), 403],
    ['another origin', () => ({ headers: { origin: 'https://evil.example' } }), 403],
    ['an opaque origin', () => ({ headers: { origin: 'null' } }), 403],
    ['another port of this machine', () => ({ headers: { origin: 'http://127.0.0.1:1' } }), 403],
    ['another site’s picture', () => ({ headers: { 'sec-fetch-site': 'cross-site' } }), 403],
    [
      'a form',
      () => ({
        method: 'POST',
        path: '/local/events',
        headers: { 'content-type': 'text/plain' },
        body: '{}',
      }),
      415,
    ],
    [
      'a preflight',
      () => ({ method: 'OPTIONS', path: '/local/events', headers: { origin: 'https://evil.example' } }),
      403,
    ],
    ['another method', () => ({ method: 'DELETE' }), 405],
    ['another path', () => ({ path: '/local/secrets' }), 404],
  ])('and refuses %s', async (_, asked, status) => {
    const { status: said, headers } = await ask(asked());
    expect(said).toBe(status);
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('and leaves other paths to others', async () => {
    expect((await ask({ path: '/localhost' })).status).toBe(418);
  });
});

it.each([
  ['not JSON', '{', 400],
  ['a list', '[]', 400],
  ['no type', '{}', 400],
  ['what only a function puts', '{"type":"CouponRefundEvent","userId":7}', 400],
  ['a name of what every object has', '{"type":"toString"}', 400],
  [
    'more than an event has',
    JSON.stringify({ type: 'UserClickEvent', more: 'x'.repeat(mostBodyBytes) }),
    413,
  ],
])('refuses %s', async (_, body, status) => {
  const headers = { 'content-type': 'application/json', origin: origin() };
  const answer = await ask({ method: 'POST', path: '/local/events', headers, body });
  expect(answer.status).toBe(status);
  expect(JSON.parse(answer.text).message).toMatch(/\w/);
});
