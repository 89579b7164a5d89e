import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import { subscriptionIn } from './channels.ts';
import type { EventsApi } from './events-api.ts';

/** AppSync Events Developer Guide, "Understanding the Event API WebSocket protocol". */
export const PROTOCOL = 'aws-appsync-event-ws';
const HEADER_PROTOCOL = 'header-';
const CONNECTION_TIMEOUT_MS = 300_000;
const KEEP_ALIVE_MS = 60_000;
/** Quotas: subscriptions of a connection (public copies have 100 and 200; a page has two), and bytes of a client's message. */
const MOST_SUBSCRIPTIONS = 100;
const LONGEST_MESSAGE = 240 * 1024;

const message = z.object({
  type: z.string(),
  id: z.string().min(1).max(128).optional(),
  channel: z.unknown().optional(),
  authorization: z.looseObject({ 'x-api-key': z.unknown() }).optional(),
});

type Message = z.output<typeof message>;

/** The WebSocket of an Event API. */
export class EventSockets {
  readonly #api: EventsApi;
  readonly #server = new WebSocketServer({
    noServer: true,
    maxPayload: LONGEST_MESSAGE,
    handleProtocols: (protocols) => protocols.has(PROTOCOL) && PROTOCOL,
  });

  constructor(api: EventsApi) {
    this.#api = api;
  }

  /** Who has no key is refused before there is a connection. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const problem = this.#problemOf(request);
    if (problem !== undefined) {
      socket.end(`HTTP/1.1 ${problem}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (webSocket) => {
      new EventConnection(webSocket, this.#api);
    });
  }

  stop(): void {
    for (const client of this.#server.clients) client.terminate();
    this.#server.close();
  }

  #problemOf({ headers }: IncomingMessage): string | undefined {
    const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim());
    if (!offered.includes(PROTOCOL)) return '400 Bad Request';
    const header = offered.find((protocol) => protocol.startsWith(HEADER_PROTOCOL));
    return this.#api.hasKey(keyIn(header)) ? undefined : '401 Unauthorized';
  }
}

/** The protocol's name carries the headers that a browser cannot set: JSON in base64url. */
function keyIn(protocol: string | undefined): unknown {
  try {
    const headers: unknown = JSON.parse(
      Buffer.from(protocol?.slice(HEADER_PROTOCOL.length) ?? '', 'base64url').toString('utf8'),
    );
    return z.looseObject({ 'x-api-key': z.unknown() }).safeParse(headers).data?.['x-api-key'];
  } catch {
    return undefined;
  }
}

class EventConnection {
  readonly #socket: WebSocket;
  readonly #api: EventsApi;
  /** How to end each, by the client's id of it. */
  readonly #subscriptions = new Map<string, () => void>();
  readonly #keepAlive: NodeJS.Timeout;

  constructor(socket: WebSocket, api: EventsApi) {
    this.#socket = socket;
    this.#api = api;
    this.#keepAlive = setInterval(() => this.#send({ type: 'ka' }), KEEP_ALIVE_MS);
    socket.on('message', (data) => this.#receive(data));
    // Nothing to say to whoever breaks the protocol: the socket is closed by itself.
    socket.on('error', () => {});
    socket.on('close', () => this.#end());
  }

  #end(): void {
    clearInterval(this.#keepAlive);
    for (const end of this.#subscriptions.values()) end();
  }

  #receive(data: RawData): void {
    const received = messageIn(data);
    switch (received?.type) {
      case 'connection_init':
        this.#send({ type: 'connection_ack', connectionTimeoutMs: CONNECTION_TIMEOUT_MS });
        return;
      case 'subscribe':
        this.#subscribe(received);
        return;
      case 'unsubscribe':
        this.#unsubscribe(received);
        return;
      default:
        this.#send(failed('error', received?.id, 'UnsupportedOperation', 'Operation not supported'));
    }
  }

  #subscribe(received: Message): void {
    const { id = '', channel } = received;
    const subscription = subscriptionIn(channel);
    const problem = this.#problemOf(received, subscription);
    if (problem !== undefined || subscription === undefined) {
      const [errorType, text] = problem ?? ['BadRequestException', 'Invalid Channel Format'];
      this.#send(failed('subscribe_error', received.id, errorType, text));
      return;
    }
    const deliver = (event: string) => this.#send({ type: 'data', id, event: [event] });
    this.#subscriptions.set(id, this.#api.subscribe({ subscription, deliver }));
    this.#send({ type: 'subscribe_success', id });
  }

  #problemOf(
    { id, authorization }: Message,
    subscription: string | undefined,
  ): [errorType: string, text: string] | undefined {
    if (id === undefined) return ['BadRequestException', 'The message has no id'];
    if (this.#subscriptions.has(id)) return ['DuplicatedOperationError', `There is an operation ${id}`];
    if (!this.#api.hasKey(authorization?.['x-api-key'])) {
      return ['UnauthorizedException', 'You are not authorized to make this call.'];
    }
    if (subscription !== undefined && !this.#api.hasNamespaceOf(subscription)) {
      return ['BadRequestException', 'There is no such namespace'];
    }
    if (this.#subscriptions.size < MOST_SUBSCRIPTIONS) return undefined;
    return ['MaxSubscriptionsReachedError', `A connection has ${MOST_SUBSCRIPTIONS} subscriptions`];
  }

  #unsubscribe({ id = '' }: Message): void {
    const end = this.#subscriptions.get(id);
    if (end === undefined) {
      this.#send(failed('unsubscribe_error', id, 'UnknownOperationError', `Unknown operation id ${id}`));
      return;
    }
    end();
    this.#subscriptions.delete(id);
    this.#send({ type: 'unsubscribe_success', id });
  }

  #send(value: object): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(JSON.stringify(value));
  }
}

function failed(type: string, id: string | undefined, errorType: string, text: string): object {
  return { type, ...(id !== undefined && { id }), errors: [{ errorType, message: text }] };
}

function messageIn(data: RawData): Message | undefined {
  try {
    const value: unknown = JSON.parse(data.toString());
    return message.safeParse(value).data;
  } catch {
    return undefined;
  }
}
