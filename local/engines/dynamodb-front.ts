import { IncomingMessage, type RequestListener, type Server, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';

const target = 'DynamoDB_20120810';
const CONTENT_TYPE = 'application/x-amz-json-1.0';

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
  takes(operation: string): boolean;
  /** @throws RefusedError */
  answer(operation: string, input: unknown, call: CallEngine): Promise<EngineAnswer>;
}

/** Puts a front before the engine and the fronts that it has already. */
export function putBefore(engine: Server, front: Front): void {
  const listeners = engine.listeners('request') as RequestListener[];
  engine.removeAllListeners('request');
  engine.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const operation = operationOf(request);
    if (!front.takes(operation)) {
      for (const listener of listeners) listener(request, response);
      return;
    }
    // A caller that goes away in the middle of its request ends it, as the engine's own do.
    const call = callerOf(listeners, request);
    answer(request, response, (input) => front.answer(operation, input, call)).catch(() =>
      response.destroy(),
    );
  });
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
    'content-type': CONTENT_TYPE,
    'content-length': body.length,
  });
  response.end(body);
}

/** Calls in the name of the caller: the engine looks at the form of the signature, not at what is signed. */
function callerOf(listeners: readonly RequestListener[], { headers }: IncomingMessage): CallEngine {
  const { authorization = '', 'x-amz-date': date = '' } = headers;
  return (operation, input) =>
    new Promise((resolve, reject) => {
      const request = new IncomingMessage(new Socket());
      request.method = 'POST';
      request.url = '/';
      request.headers = {
        authorization,
        'x-amz-date': date,
        'x-amz-target': `${target}.${operation}`,
        'content-type': CONTENT_TYPE,
      };
      request.push(JSON.stringify(input));
      request.push(null);
      const response = new HeldResponse(request, { resolve, reject });
      for (const listener of listeners) listener(request, response);
    });
}

interface Settle {
  resolve(answer: EngineAnswer): void;
  reject(error: Error): void;
}

/** A response to a call from within the engine's own thread: nothing goes through a socket. */
class HeldResponse extends ServerResponse {
  readonly #settle: Settle;

  constructor(request: IncomingMessage, settle: Settle) {
    super(request);
    this.#settle = settle;
  }

  override end(...[body]: unknown[]): this {
    try {
      this.#settle.resolve({ status: this.statusCode, body: JSON.parse(String(body)) });
    } catch {
      this.#settle.reject(new Error(`The engine answered ${this.statusCode} and no JSON`));
    }
    return this;
  }

  /** What a front does whose own work failed. */
  override destroy(error?: Error): this {
    this.#settle.reject(error ?? new Error('The call was cut off'));
    return this;
  }
}
