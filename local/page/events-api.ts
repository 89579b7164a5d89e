import { randomUUID } from 'node:crypto';
import { Allowance } from '../limits/allowance.ts';
import type { AwsAnswer, AwsCall } from '../proxy/aws-call.ts';
import { jsonBody } from '../proxy/aws-call.ts';
import { channelIn, covers, namespaceOf } from './channels.ts';

/** AppSync Events Developer Guide, "Publish via HTTP", and quotas: of a call, of an event, and of an API in a second. */
const MOST_EVENTS = 5;
const INBOUND = { count: 10_000, size: Number.POSITIVE_INFINITY };
const LONGEST_EVENT = 240 * 1024;

/** There is one: all would share a port and a path. */
export const EVENTS_API_ID = 'local';

/** Told of each event on its channels: a JSON text. */
export interface Subscriber {
  readonly subscription: string;
  deliver(event: string): void;
}

/** An Event API of AppSync: its namespaces, its keys, and who listens. */
export class EventsApi {
  #isDefined = false;
  readonly #namespaces = new Set<string>();
  readonly #keys = new Set<string>();
  readonly #subscribers = new Set<Subscriber>();
  readonly #inbound = new Allowance(INBOUND);
  readonly #now: () => number;

  /** @param now ms */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** @throws Error where there is one already */
  define(): void {
    if (this.#isDefined) throw new Error('is a second Event API: there is one port for one of them');
    this.#isDefined = true;
  }

  addNamespace(name: string): void {
    this.#namespaces.add(name);
  }

  addKey(key: string): void {
    this.#keys.add(key);
  }

  hasKey(key: unknown): boolean {
    return typeof key === 'string' && this.#keys.has(key);
  }

  hasNamespaceOf(channel: string): boolean {
    return this.#namespaces.has(namespaceOf(channel));
  }

  /** @returns how to end it */
  subscribe(subscriber: Subscriber): () => void {
    this.#subscribers.add(subscriber);
    return () => this.#subscribers.delete(subscriber);
  }

  /** `POST /event`. Whether the caller may was asked before: only calls that are signed come here. */
  publish(call: AwsCall): AwsAnswer {
    if (call.service !== 'appsync') return refused(401, 'UnauthorizedException', 'You are not authorized.');
    const { channel: named, events } = jsonBody(call);
    const channel = channelIn(named);
    if (channel === undefined) return refused(400, 'BadRequestException', 'Invalid Channel Format');
    if (!this.hasNamespaceOf(channel)) {
      return refused(400, 'BadRequestException', `There is no namespace ${namespaceOf(channel)}`);
    }
    if (!isList(events)) {
      const message = `Input exceeded ${MOST_EVENTS} event limit, or is no list of events`;
      return refused(400, 'BadRequestException', message);
    }
    if (!this.#takes(events.length)) return refused(429, 'TooManyRequestsException', 'Rate exceeded');
    const results = events.map((event, index) => ({
      index,
      identifier: randomUUID(),
      problem: problemOf(event),
    }));
    for (const [index, { problem }] of results.entries()) {
      if (problem === undefined) this.#broadcast(channel, String(events[index]));
    }
    return answer(200, {
      failed: results.filter(({ problem }) => problem).map(failure),
      successful: results
        .filter(({ problem }) => !problem)
        .map(({ index, identifier }) => ({ index, identifier })),
    });
  }

  /** All of a call, or none. */
  #takes(events: number): boolean {
    const now = this.#now();
    const taken: (() => void)[] = [];
    while (taken.length < events && this.#inbound.hasRoom(1, now)) taken.push(this.#inbound.take(1, now));
    if (taken.length === events) return true;
    for (const giveBack of taken) giveBack();
    return false;
  }

  #broadcast(channel: string, event: string): void {
    for (const subscriber of this.#subscribers) {
      if (covers(subscriber.subscription, channel)) subscriber.deliver(event);
    }
  }
}

function isList(events: unknown): events is unknown[] {
  return Array.isArray(events) && events.length > 0 && events.length <= MOST_EVENTS;
}

function problemOf(event: unknown): string | undefined {
  if (typeof event !== 'string' || !isJson(event)) return 'Each event must be a stringified valid JSON value';
  return Buffer.byteLength(event) > LONGEST_EVENT ? 'The event exceeds 240 KB' : undefined;
}

function failure({
  index,
  identifier,
  problem,
}: {
  index: number;
  identifier: string;
  problem?: string | undefined;
}) {
  return { index, identifier, code: 400, message: problem };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function refused(status: number, errorType: string, message: string): AwsAnswer {
  return answer(status, { errors: [{ errorType, message }] });
}

function answer(status: number, body: object): AwsAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify(body)),
  };
}
