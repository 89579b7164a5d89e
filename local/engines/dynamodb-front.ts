import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
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
  answer(operation: string, input: object, call: CallEngine): Promise<EngineAnswer>;
}

/**
 * Puts fronts before the engine, the first one next to it: what the last one does in its calls comes to those before it.
 * What fails in them, as when the disk is full, is an error of the engine's, as it is in the engine's own: it ends with it.
 * @param call the engine's operations without HTTP
 */
export function putBefore(engine: Server, call: CallEngine, fronts: readonly Front[]): void {
  const listeners = engine.listeners('request') as RequestListener[];
  const callAll = fronts.reduce(behind, call);
  engine.removeAllListeners('request');
  engine.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const operation = operationOf(request);
    if (!isSigned(request) || !fronts.some((front) => front.takes(operation))) {
      for (const listener of listeners) listener(request, response);
      return;
    }
    answer(request, response, (input) => callAll(operation, input)).catch((error: unknown) => {
      response.destroy();
      // Nobody's fault: a caller that went away in the middle of its request, or an engine that ends meanwhile.
      if (request.complete && engine.listening) engine.emit('error', error);
    });
  });
}

function behind(call: CallEngine, front: Front): CallEngine {
  return async (operation, input) => {
    if (!front.takes(operation)) return call(operation, input);
    try {
      return await front.answer(operation, input, call);
    } catch (error) {
      if (error instanceof RefusedError) return refusal(error);
      throw error;
    }
  };
}

function refusal({ type, message }: RefusedError): EngineAnswer {
  return { status: 400, body: { __type: type, message } };
}

/** The engine refuses what is not; of a signature, which may be in the query, too, it looks at the form. */
function isSigned({ headers: { authorization = '' }, url = '' }: IncomingMessage): boolean {
  return authorization.startsWith('AWS4-') || url.includes('X-Amz-Algorithm');
}

function operationOf({ headers }: IncomingMessage): string {
  const header = headers['x-amz-target'];
  return typeof header === 'string' && header.startsWith(`${target}.`) ? header.slice(target.length + 1) : '';
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  ask: (input: object) => Promise<EngineAnswer>,
): Promise<void> {
  const body = await buffer(request);
  try {
    send(response, await ask(parse(body)));
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    send(response, refusal(error));
  }
}

/** @throws RefusedError for what is no JSON object */
function parse(body: Buffer): object {
  try {
    const input: unknown = JSON.parse(body.toString('utf8'));
    if (typeof input === 'object' && input !== null) return input;
  } catch {
    // Said below.
  }
  throw new RefusedError('com.amazon.coral.service#SerializationException', 'The request is no JSON object');
}

function send(response: ServerResponse, { status, body: result }: EngineAnswer): void {
  const body = Buffer.from(JSON.stringify(result));
  response.writeHead(status, {
    'content-type': CONTENT_TYPE,
    'content-length': body.length,
  });
  response.end(body);
}
