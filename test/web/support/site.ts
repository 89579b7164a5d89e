/**
 * Serves the page as a deployment does: its files, snapshots and sheets with a policy that allows nothing inline, and AppSync
 * Events' WebSocket protocol. What it says, and when it fails, the test decides.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { siteFiles } from '../../../lib/constructs/site-files.ts';

const types: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript',
  css: 'text/css',
  svg: 'image/svg+xml',
  json: 'application/json',
};

export const apiKey = 'da2-for-tests';

interface Subscriber {
  readonly socket: WebSocket;
  readonly id: string;
  readonly channel: string;
}

export class Site {
  readonly #files = new Map<string, Uint8Array | string>();
  readonly #server: Server;
  readonly #sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'aws-appsync-event-ws' });
  readonly #subscribers = new Set<Subscriber>();
  /** Its clock, ahead of this machine's. */
  aheadMs = 0;
  /** No socket is let in. */
  isRefusing = false;
  /** No snapshot can be read. */
  isFailing = false;
  /** Says nothing of its own any more. */
  isSilent = false;
  /** How long a client is to wait for a word, ms. */
  timeoutMs = 300_000;
  /** Paths that were asked for. */
  readonly asked: string[] = [];
  /** What answers on the API of a local run. */
  local: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined;
  isLocal = false;

  private constructor() {
    this.#server = createServer((request, response) => this.#answer(request, response));
    this.#server.on('upgrade', (request, socket, head) => {
      if (this.isRefusing) socket.destroy();
      else this.#sockets.handleUpgrade(request, socket, head, (client) => this.#serve(client, request));
    });
  }

  static async start(): Promise<Site> {
    const site = new Site();
    for (const { path, contents } of siteFiles()) site.#files.set(`/${path}`, contents);
    await new Promise<void>((resolve) => site.#server.listen(0, '127.0.0.1', resolve));
    return site;
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get url(): string {
    return `http://${this.host}/`;
  }

  now(): number {
    return Date.now() + this.aheadMs;
  }

  /** How many sockets are open. */
  get connected(): number {
    return this.#sockets.clients.size;
  }

  /** Whoever subscribes. */
  get subscribed(): string[] {
    return [...this.#subscribers].map(({ channel }) => channel);
  }

  /** Puts the snapshot of a channel. */
  keep(channel: string, view: object): void {
    this.#files.set(`/live/${channel}.json`, JSON.stringify(view));
  }

  /** Snapshot, then message: as the function does. */
  publish(channel: string, view: object): void {
    this.keep(channel, view);
    for (const { socket, id, channel: of } of this.#subscribers)
      if (of === `/lotteries/${channel}`) say(socket, { type: 'data', id, event: [JSON.stringify(view)] });
  }

  sheet(name: string, contents: string): void {
    this.#files.set(`/sheets/${name}`, contents);
  }

  /** Nothing is kept of the test before. */
  reset(): void {
    for (const path of this.#files.keys())
      if (path.startsWith('/live/') || path.startsWith('/sheets/')) this.#files.delete(path);
    Object.assign(this, {
      aheadMs: 0,
      isRefusing: false,
      isFailing: false,
      isSilent: false,
      timeoutMs: 300_000,
      isLocal: false,
    });
    this.local = undefined;
    this.asked.length = 0;
    this.drop();
  }

  /** All connections break off. */
  drop(): void {
    for (const client of this.#sockets.clients) client.terminate();
  }

  async stop(): Promise<void> {
    this.drop();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const path = new URL(request.url ?? '/', this.url).pathname;
    this.asked.push(path);
    if (this.local?.(request, response)) return;
    const contents =
      path === '/config.json' ? this.#config() : this.#files.get(path === '/' ? '/index.html' : path);
    response.setHeader('date', new Date(this.now()).toUTCString());
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader('content-security-policy', this.#policy());
    if (contents === undefined || (this.isFailing && path.startsWith('/live/'))) {
      response.writeHead(contents === undefined ? 404 : 503).end();
      return;
    }
    const type = types[/\.(\w+)$/.exec(path === '/' ? 'index.html' : path)?.[1] ?? ''] ?? 'application/jsonl';
    response.writeHead(200, { 'content-type': type, 'content-length': Buffer.byteLength(contents) });
    response.end(contents);
  }

  #policy(): string {
    const own = `'self'`;
    return [
      `default-src 'none'`,
      `connect-src ${own} ws://${this.host}`,
      ...['script', 'style', 'worker', 'img'].map((kind) => `${kind}-src ${own}`),
      ...['base-uri', 'form-action', 'frame-ancestors'].map((kind) => `${kind} 'none'`),
    ].join('; ');
  }

  #config(): string {
    return JSON.stringify({
      ...{ environment: 'dev', realtime: `ws://${this.host}/event/realtime`, host: this.host, apiKey },
      ...{ snapshots: '/live/', sheets: '/sheets/', local: this.isLocal },
    });
  }

  #serve(socket: WebSocket, { headers, url }: IncomingMessage): void {
    if (url !== '/event/realtime' || !isAuthorized(headers['sec-websocket-protocol'], this.host)) {
      say(socket, { type: 'connection_error', errors: [{ errorType: 'UnauthorizedException' }] });
      socket.close();
      return;
    }
    socket.on('message', (data) => this.#take(socket, JSON.parse(data.toString())));
    socket.on('close', () => {
      for (const one of this.#subscribers) if (one.socket === socket) this.#subscribers.delete(one);
    });
  }

  #take(socket: WebSocket, message: Record<string, unknown>): void {
    const { type } = message;
    const id = String(message.id);
    if (this.isSilent) return;
    if (type === 'connection_init')
      say(socket, { type: 'connection_ack', connectionTimeoutMs: this.timeoutMs });
    else if (type === 'subscribe') {
      const { authorization } = message as { authorization?: Record<string, unknown> };
      if (
        authorization?.['x-api-key'] !== apiKey ||
        !/^(\/[\w-]{1,50}){2,5}$/.test(String(message.channel))
      ) {
        say(socket, { type: 'subscribe_error', id, errors: [{ errorType: 'BadRequestException' }] });
        return;
      }
      this.#subscribers.add({ socket, id, channel: String(message.channel) });
      say(socket, { type: 'subscribe_success', id });
    } else if (type === 'unsubscribe') {
      for (const one of this.#subscribers)
        if (one.socket === socket && one.id === id) this.#subscribers.delete(one);
      say(socket, { type: 'unsubscribe_success', id });
    }
  }
}

function say(socket: WebSocket, message: object): void {
  socket.send(JSON.stringify(message));
}

/** The second of the protocols that a client offers has its authorization, in base64url. */
function isAuthorized(protocols: string | undefined, host: string): boolean {
  const header = /header-([\w-]+)/.exec(protocols ?? '')?.[1] ?? '';
  const { host: named, 'x-api-key': key } = JSON.parse(Buffer.from(header, 'base64url').toString() || '{}');
  return named === host && key === apiKey;
}
