/**
 * The WebSocket of AWS AppSync Events (its developer guide, "Understanding the Event API WebSocket protocol"): it connects, subscribes to
 * what is watched, and does both again for as long as it takes whenever the socket drops.
 */
import type { Config } from './config.ts';

export type Connection = 'connecting' | 'live' | 'lost';

export interface Watch {
  /** As `/<namespace>/<channel>`. */
  readonly channel: string;
  /** Each event of the channel, parsed. */
  onEvent(event: unknown): void;
  /** From now on no event is missed: what was there before is to be read. */
  onSubscribed(): void;
  /** The socket is gone, or did not come: each time that it is tried again. */
  onLost(): void;
}

const firstWaitMs = 500;
const longestWaitMs = 10_000;
/** How long a server may take to say anything at first. */
const handshakeMs = 10_000;

export class Realtime {
  readonly #config: Config;
  readonly #onState: (state: Connection) => void;
  readonly #watches = new Map<string, Watch>();
  #socket: WebSocket | undefined;
  #isOpen = false;
  #failures = 0;
  #silenceMs = handshakeMs;
  #silence: ReturnType<typeof setTimeout> | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #lastId = 0;

  constructor(config: Config, onState: (state: Connection) => void) {
    this.#config = config;
    this.#onState = onState;
    addEventListener('online', () => this.#retryNow());
    // The socket itself would take minutes to notice.
    addEventListener('offline', () => this.#drop());
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') this.#retryNow();
    });
    this.#connect();
  }

  /** @returns what ends it */
  watch(watch: Watch): () => void {
    this.#lastId += 1;
    const id = `watch-${this.#lastId}`;
    this.#watches.set(id, watch);
    if (this.#isOpen) this.#subscribe(id, watch);
    return () => {
      this.#watches.delete(id);
      if (this.#isOpen) this.#send({ type: 'unsubscribe', id });
    };
  }

  #connect(): void {
    const { realtime } = this.#config;
    const socket = new WebSocket(realtime, ['aws-appsync-event-ws', this.#authorizationProtocol()]);
    this.#socket = socket;
    this.#silenceMs = handshakeMs;
    this.#listen();
    socket.addEventListener('open', () => this.#send({ type: 'connection_init' }));
    socket.addEventListener('message', ({ data }) => {
      if (socket === this.#socket) this.#take(data);
    });
    socket.addEventListener('close', () => this.#lose(socket));
  }

  /** A socket that says nothing for too long is gone, whether it knows or not. */
  #listen(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#drop(), this.#silenceMs);
  }

  #drop(): void {
    const socket = this.#socket;
    if (socket === undefined) return;
    socket.close();
    this.#lose(socket);
  }

  #lose(socket: WebSocket): void {
    if (socket !== this.#socket) return;
    clearTimeout(this.#silence);
    this.#socket = undefined;
    this.#isOpen = false;
    this.#onState('lost');
    for (const watch of this.#watches.values()) watch.onLost();
    const wait = Math.min(longestWaitMs, firstWaitMs * 2 ** this.#failures);
    this.#failures += 1;
    // Not all who lost it at once come back at once.
    this.#retry = setTimeout(() => this.#connect(), wait * (0.5 + Math.random() / 2));
  }

  #retryNow(): void {
    if (this.#socket !== undefined) return;
    clearTimeout(this.#retry);
    this.#connect();
  }

  #take(data: unknown): void {
    this.#listen();
    const message = objectIn(data);
    const id = typeof message.id === 'string' ? message.id : '';
    switch (message.type) {
      case 'connection_ack':
        this.#open(message.connectionTimeoutMs);
        return;
      case 'subscribe_success':
        this.#live();
        this.#watches.get(id)?.onSubscribed();
        return;
      case 'data':
        for (const event of eventsIn(message.event)) this.#watches.get(id)?.onEvent(event);
        return;
      case 'connection_error':
      case 'subscribe_error':
        this.#drop();
        return;
      default:
    }
  }

  #open(timeoutMs: unknown): void {
    this.#isOpen = true;
    if (typeof timeoutMs === 'number' && timeoutMs > 0) this.#silenceMs = timeoutMs;
    this.#listen();
    // Where nothing is watched, nothing can be missed either.
    if (this.#watches.size === 0) this.#live();
    for (const [id, watch] of this.#watches) this.#subscribe(id, watch);
  }

  #live(): void {
    this.#failures = 0;
    this.#onState('live');
  }

  #subscribe(id: string, { channel }: Watch): void {
    this.#send({ type: 'subscribe', id, channel, authorization: this.#authorization() });
  }

  #send(message: object): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  #authorization() {
    return { host: this.#config.host, 'x-api-key': this.#config.apiKey };
  }

  /** In base64url: a browser gives a WebSocket no other header. */
  #authorizationProtocol(): string {
    const text = btoa(JSON.stringify(this.#authorization()));
    return `header-${text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')}`;
  }
}

function objectIn(data: unknown): Record<string, unknown> {
  const value = parsed(data);
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** An event is JSON in a string; there may be a list of them. */
function eventsIn(event: unknown): unknown[] {
  const texts = Array.isArray(event) ? event : [event];
  return texts.map(parsed).filter((value) => value !== undefined);
}

function parsed(text: unknown): unknown {
  if (typeof text !== 'string') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
