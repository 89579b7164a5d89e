import type { RequestListener, Server } from 'node:http';
import { Agent, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { ENGINE_HOST } from './running-engine.ts';

const target = 'DynamoDB_20120810';

/** Says which front a call comes from, so that it is not answered by that one again. */
const ORIGIN_HEADER = 'x-local-front';

export interface EngineAnswer {
  status: number;
  /** Its JSON, also of an error. */
  body: unknown;
}

/** Calls one operation of what is behind a front. */
export type CallEngine = (operation: string, input: object) => Promise<EngineAnswer>;

/** A call that is refused as DynamoDB would refuse it. */
export class RefusedError extends Error {
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.name = 'RefusedError';
    this.type = type;
  }
}

/** Answers some of DynamoDB's operations in the place of an engine that does not know them. */
export interface Front {
  readonly name: string;
  takes(operation: string): boolean;
  /** @throws RefusedError */
  answer(operation: string, input: unknown, call: CallEngine): Promise<EngineAnswer>;
}

/** Puts a front before the engine and the fronts that it has already. */
export function putBefore(engine: Server, front: Front): void {
  const listeners = engine.listeners('request') as RequestListener[];
  const agent = new Agent({ keepAlive: true });
  engine.removeAllListeners('request');
  engine.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const operation = operationOf(request);
    if (request.headers[ORIGIN_HEADER] === front.name || !front.takes(operation)) {
      for (const listener of listeners) listener(request, response);
      return;
    }
    // A caller that goes away in the middle of its request ends it, as the engine's own do.
    const call = callerOf(engine, request, { agent, origin: front.name });
    answer(request, response, (input) => front.answer(operation, input, call)).catch(() =>
      response.destroy(),
    );
  });
  engine.on('close', () => agent.destroy());
}

function operationOf({ headers }: IncomingMessage): string {
  const header = headers['x-amz-target'];
  return typeof header === 'string' && header.startsWith(`${target}.`) ? header.slice(target.length + 1) : '';
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  ask: (input: unknown) => Promise<EngineAnswer>,
): Promise<void> {
  const body = await buffer(request);
  try {
    send(response, await ask(parse(body)));
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    send(response, { status: 400, body: { __type: error.type, message: error.message } });
  }
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new RefusedError('com.amazon.coral.service#SerializationException', 'The request is not JSON');
  }
}

function send(response: ServerResponse, { status, body: result }: EngineAnswer): void {
  const body = Buffer.from(JSON.stringify(result));
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.0',
    'content-length': body.length,
  });
  response.end(body);
}

/** Calls in the name of the caller: the engine looks at the form of the signature, not at what is signed. */
function callerOf(
  engine: Server,
  { headers }: IncomingMessage,
  { agent, origin }: { agent: Agent; origin: string },
): CallEngine {
  const { port } = engine.address() as AddressInfo;
  const { authorization = '', 'x-amz-date': date = '' } = headers;
  return (operation, input) =>
    new Promise((resolve, reject) => {
      const body = Buffer.from(JSON.stringify(input));
      const options = {
        host: ENGINE_HOST,
        port,
        agent,
        method: 'POST',
        headers: {
          authorization,
          'x-amz-date': date,
          'x-amz-target': `${target}.${operation}`,
          [ORIGIN_HEADER]: origin,
          'content-type': 'application/x-amz-json-1.0',
          'content-length': body.length,
        },
      };
      const outgoing = httpRequest(options, (incoming) => {
        buffer(incoming).then((answered) => {
          resolve({ status: incoming.statusCode ?? 500, body: JSON.parse(answered.toString('utf8')) });
        }, reject);
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
}
