import { request } from 'node:http';
import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { EventApi } from '../../../lambda/adapters/event-api.ts';
import { EventsApi } from '../../../local/page/events-api.ts';
import type { PagePort } from '../../../local/page/page-port.ts';
import { startPagePort } from '../../../local/page/page-port.ts';
import type { AwsCall } from '../../../local/proxy/aws-call.ts';

const key = 'da2-test';

let port: PagePort;
let calls: AwsCall[];
/** What is answered in place of the API, one after another. */
let refusals: number[];
const sockets: WebSocket[] = [];

beforeEach(async () => {
  calls = [];
  refusals = [];
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'dev-live.1');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');
  port = await startPagePort({
    port: 0,
    interceptor: async (call, forward) => {
      calls.push(call);
      const status = refusals.shift();
      return status === undefined ? forward() : { status, headers: {}, body: Buffer.from('{}') };
    },
    s3: () => new S3Client({}),
  });
  port.events.define();
  port.events.addNamespace('lotteries');
  port.events.addKey(key);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  for (const socket of sockets.splice(0)) socket.terminate();
  await port.stop();
});

const header = (apiKey: string) =>
  `header-${Buffer.from(JSON.stringify({ host: port.host, 'x-api-key': apiKey })).toString('base64url')}`;

/** What comes back, in order. */
class Viewer {
  readonly socket: WebSocket;
  readonly #received: Record<string, unknown>[] = [];
  #wake: () => void = () => {};

  constructor(protocols: string[]) {
    this.socket = new WebSocket(`ws://${port.host}/event/realtime`, protocols);
    sockets.push(this.socket);
    this.socket.on('message', (data) => {
      this.#received.push(JSON.parse(data.toString()));
      this.#wake();
    });
  }

  send(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  async next(): Promise<Record<string, unknown>> {
    while (this.#received.length === 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#received.shift() ?? {};
  }
}

async function connected(): Promise<Viewer> {
  const viewer = new Viewer(['aws-appsync-event-ws', header(key)]);
  await new Promise((resolve, reject) => viewer.socket.once('open', resolve).once('error', reject));
  return viewer;
}

const subscribe = (channel: unknown, id = '1', apiKey = key) => ({
  ...{ type: 'subscribe', id, channel },
  authorization: { host: port.host, 'x-api-key': apiKey },
});

describe('the socket of an Event API', () => {
  it('acknowledges, subscribes, delivers what is published on the channel, and unsubscribes', async () => {
    const viewer = await connected();
    const api = new EventApi(`https://${port.host}/event`, 'lotteries', 'us-east-1');
    viewer.send({ type: 'connection_init' });
    expect(await viewer.next()).toEqual({ type: 'connection_ack', connectionTimeoutMs: 300_000 });
    viewer.send(subscribe('/lotteries/one'));
    expect(await viewer.next()).toEqual({ type: 'subscribe_success', id: '1' });
    await api.publish('two', '{"version":1}');
    await api.publish('one', '{"version":2}');
    expect(await viewer.next()).toEqual({ type: 'data', id: '1', event: ['{"version":2}'] });
    viewer.send({ type: 'unsubscribe', id: '1' });
    expect(await viewer.next()).toEqual({ type: 'unsubscribe_success', id: '1' });
    viewer.send({ type: 'unsubscribe', id: '1' });
    expect(await viewer.next()).toMatchObject({
      type: 'unsubscribe_error',
      errors: [{ errorType: 'UnknownOperationError' }],
    });
    expect(calls[0]).toMatchObject({ service: 'appsync', caller: 'dev-live.1', path: '/event' });
  });

  it.each([
    { channel: '/lotteries/*', problem: undefined },
    { channel: 'lotteries/one', problem: undefined },
    { channel: '/others/one', problem: 'BadRequestException' },
    { channel: '/lotteries/a_b', problem: 'BadRequestException' },
    { channel: `/lotteries/${'a'.repeat(51)}`, problem: 'BadRequestException' },
    { channel: '/lotteries/1/2/3/4/5', problem: 'BadRequestException' },
    { channel: 7, problem: 'BadRequestException' },
  ])('takes channels as AppSync does: $channel', async ({ channel, problem }) => {
    const viewer = await connected();
    viewer.send(subscribe(channel));
    const answer = await viewer.next();
    if (problem === undefined) expect(answer).toEqual({ type: 'subscribe_success', id: '1' });
    else expect(answer).toMatchObject({ type: 'subscribe_error', id: '1', errors: [{ errorType: problem }] });
  });

  it('has a hundred subscriptions a connection', async () => {
    const viewer = await connected();
    for (let at = 0; at <= 100; at += 1) viewer.send(subscribe(`/lotteries/${at}`, String(at)));
    for (let at = 0; at < 100; at += 1)
      expect(await viewer.next()).toMatchObject({ type: 'subscribe_success' });
    expect(await viewer.next()).toMatchObject({ errors: [{ errorType: 'MaxSubscriptionsReachedError' }] });
  });

  it('refuses another key, an id that is taken, and what it does not know', async () => {
    const viewer = await connected();
    viewer.send(subscribe('/lotteries/one', '1', 'da2-other'));
    expect(await viewer.next()).toMatchObject({ errors: [{ errorType: 'UnauthorizedException' }] });
    viewer.send(subscribe('/lotteries/one'));
    await viewer.next();
    viewer.send(subscribe('/lotteries/one'));
    expect(await viewer.next()).toMatchObject({ errors: [{ errorType: 'DuplicatedOperationError' }] });
    for (const odd of ['{', '[]', '{"type":7}', { type: 'publish' }]) {
      viewer.send(odd);
      expect(await viewer.next()).toMatchObject({ type: 'error' });
    }
  });

  it.each([
    { protocols: [] as string[], status: 400 },
    { protocols: ['aws-appsync-event-ws'], status: 401 },
    { protocols: ['aws-appsync-event-ws', 'header-e30'], status: 401 },
    { protocols: ['aws-appsync-event-ws', 'header-AA'], status: 401 },
  ])('has no connection without a key: $protocols', async ({ protocols, status }) => {
    const { socket } = new Viewer(protocols);
    const answer = await new Promise<number | undefined>((resolve) => {
      socket.once('unexpected-response', (_, response) => resolve(response.statusCode));
      socket.on('error', () => {});
    });
    expect(answer).toBe(status);
  });
});

describe('another site that is open in the same browser', () => {
  const signed = { authorization: 'AWS4-HMAC-SHA256 Credential=AK/20260101/us-east-1/appsync/aws4_request' };

  it.each([
    ['has its name lead here', { host: 'evil.example' }],
    ['is on another port', { origin: 'http://127.0.0.1:1' }],
    ['asks from its own origin', { origin: 'https://evil.example' }],
    ['hides its origin', { origin: 'null' }],
  ])('gets nothing where it %s: no page, no message through, no socket', async (_, headers) => {
    const [hostname, own] = port.host.split(':');
    const asked = { hostname, port: own, agent: false };
    const statusOf = (method: string, path: string, more = {}) =>
      new Promise<number | undefined>((resolve, reject) => {
        const call = request({ ...asked, method, path, headers: { ...more, ...headers } }, (response) => {
          response.resume();
          resolve(response.statusCode);
        });
        call.on('error', reject);
        call.end('{"channel":"/lotteries/one","events":["{}"]}');
      });
    expect(await statusOf('POST', '/event', signed)).toBe(403);
    expect(await statusOf('GET', '/')).toBe(403);
    expect(calls).toEqual([]);
    const socket = new WebSocket(`ws://${port.host}/event/realtime`, ['aws-appsync-event-ws', header(key)], {
      headers,
    });
    sockets.push(socket);
    await expect(
      new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject)),
    ).rejects.toThrow();
  });

  it('is not the page by another name of this machine', async () => {
    const { status } = await fetch(`http://${port.host.replace('127.0.0.1', 'localhost')}/event`, {
      ...{ method: 'POST', headers: { origin: `http://${port.host}` } },
      body: '{}',
    });
    expect(status).toBe(401);
  });
});

describe('publishing', () => {
  const api = (namespace = 'lotteries') => new EventApi(`https://${port.host}/event`, namespace, 'us-east-1');

  it('fails where the message is not taken, and says why', async () => {
    await expect(api('others').publish('one', '{}')).rejects.toThrow('The message was not taken: 400');
    await expect(api().publish('one', 'no JSON')).rejects.toThrow('stringified valid JSON');
    await expect(api().publish('one', JSON.stringify('a'.repeat(250_000)))).rejects.toThrow('240 KB');
  });

  it('goes on where it is throttled or fails for a moment, and not where it is refused or that lasts', async () => {
    refusals = [429, 500, 503];
    await api().publish('one', '{}');
    expect(calls).toHaveLength(4);
    refusals = [403];
    await expect(api().publish('one', '{}')).rejects.toThrow('The message was not taken: 403');
    expect(calls).toHaveLength(5);
    refusals = [429, 429, 429, 429, 429];
    await expect(api().publish('one', '{}')).rejects.toThrow('The message was not taken: 429');
    expect(calls).toHaveLength(9);
  });

  it('fails where nobody answers', async () => {
    const lost = new EventApi('https://127.0.0.1:1/event', 'lotteries', 'us-east-1');
    await expect(lost.publish('one', '{}')).rejects.toThrow('fetch failed');
  });

  it('is refused to whoever has signed for another service, or not at all', async () => {
    const body = JSON.stringify({ channel: '/lotteries/one', events: ['{}'] });
    const response = await fetch(`http://${port.host}/event`, {
      method: 'POST',
      body,
      headers: { 'x-api-key': key },
    });
    expect(response.status).toBe(401);
  });

  it('takes 10,000 events a second, of a call all or none', async () => {
    let now = 0;
    const one = new EventsApi(() => now);
    one.addNamespace('lotteries');
    const publish = (count: number) => {
      const events = Array.from({ length: count }, () => '{}');
      return one.publish({
        ...{ service: 'appsync', operation: '', caller: '', method: 'POST', path: '/event', headers: {} },
        body: Buffer.from(JSON.stringify({ channel: '/lotteries/one', events })),
      }).status;
    };
    const delivered: string[] = [];
    one.subscribe({ subscription: '/lotteries/one', deliver: (event) => delivered.push(event) });
    for (let call = 0; call < 1_999; call += 1) expect(publish(5)).toBe(200);
    expect([publish(3), publish(3), publish(2), publish(1)]).toEqual([200, 429, 200, 429]);
    expect(delivered).toHaveLength(10_000);
    now = 1_000;
    expect(publish(5)).toBe(200);
  });

  it.each([{ events: [] }, { events: Array.from({ length: 6 }, () => '{}') }, { events: 'all' }])(
    'takes one to five events: %j',
    async ({ events }) => {
      const answer = port.events.publish({
        ...{ service: 'appsync', operation: '', caller: '', method: 'POST', path: '/event', headers: {} },
        body: Buffer.from(JSON.stringify({ channel: '/lotteries/one', events })),
      });
      expect(answer.status).toBe(400);
    },
  );
});
