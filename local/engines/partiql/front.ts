import type { RequestListener, Server } from 'node:http';
import { Agent, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { ENGINE_HOST } from '../running-engine.ts';
import { BatchRefusedError, type CallEngine, executeBatch } from './batch.ts';

const target = 'DynamoDB_20120810';

/**
 * Teaches an engine that has no PartiQL the one operation that the product writes users with: a call of
 * BatchExecuteStatement becomes conditional writes of the same engine; everything else is the engine's own.
 */
export function answerStatements(engine: Server): void {
  const listeners = engine.listeners('request') as RequestListener[];
  const agent = new Agent({ keepAlive: true });
  engine.removeAllListeners('request');
  engine.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (request.headers['x-amz-target'] !== `${target}.BatchExecuteStatement`) {
      for (const listener of listeners) listener(request, response);
      return;
    }
    // A caller that goes away in the middle of its request ends it, as the engine's own do.
    answer(request, response, engineOf(engine, request, agent)).catch(() => response.destroy());
  });
  engine.on('close', () => agent.destroy());
}

async function answer(request: IncomingMessage, response: ServerResponse, call: CallEngine): Promise<void> {
  const body = await buffer(request);
  try {
    send(response, 200, await executeBatch(parse(body), call));
  } catch (error) {
    if (!(error instanceof BatchRefusedError)) throw error;
    send(response, 400, { __type: 'com.amazon.coral.validate#ValidationException', message: error.message });
  }
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new BatchRefusedError('The request is not JSON');
  }
}

function send(response: ServerResponse, status: number, result: object): void {
  const body = Buffer.from(JSON.stringify(result));
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.0',
    'content-length': body.length,
  });
  response.end(body);
}

/** Calls the engine in the name of the caller: it looks at the form of the signature, not at what is signed. */
function engineOf(engine: Server, { headers }: IncomingMessage, agent: Agent): CallEngine {
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
