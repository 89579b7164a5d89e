import {
  Agent,
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import { buffer } from 'node:stream/consumers';
import { ENGINE_HOST, listen } from '../engines/running-engine.ts';
import { type AwsAnswer, type AwsCall, describeCall, type Interceptor } from './aws-call.ts';

export interface Proxy {
  port: number;
  endpoint: string;
  stop(): Promise<void>;
}

/**
 * An HTTP server before one engine that shows each call to the interceptor.
 * @param target the engine's endpoint.
 */
export async function startProxy(target: string, port: number, intercept: Interceptor): Promise<Proxy> {
  const agent = new Agent({ keepAlive: true });
  const server = createServer(listenerOf(intercept, (call) => forward(call, target, agent)));
  const running = await listen(server, port);
  return {
    port: running.port,
    endpoint: `http://${ENGINE_HOST}:${running.port}`,
    async stop() {
      const closed = running.close();
      agent.destroy();
      await closed;
    },
  };
}

/** Shows each call to the interceptor, if there is one, and what it lets through to what answers. */
export function listenerOf(
  intercept: Interceptor = (_, forward) => forward(),
  send: (call: AwsCall) => Promise<AwsAnswer>,
): RequestListener {
  return (request, response) => {
    // A caller that goes away in the middle (a killed function) ends its own request only.
    handle(request, response, send, intercept).catch(() => response.destroy());
  };
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  send: (call: AwsCall) => Promise<AwsAnswer>,
  intercept: Interceptor,
): Promise<void> {
  const { method = 'POST', url: path = '/', headers } = request;
  const call = describeCall({ method, path, headers, body: await buffer(request) });
  const answer = await intercept(call, (changed = call) => send(changed));
  if (answer === 'disconnect') {
    response.destroy();
    return;
  }
  response.writeHead(answer.status, {
    ...withoutFraming(answer.headers),
    'content-length': answer.body.length,
  });
  response.end(answer.body);
}

/** The path goes on as it came: whoever looked at the call has seen where it goes. */
function forward({ method, path, headers, body }: AwsCall, target: string, agent: Agent): Promise<AwsAnswer> {
  const { hostname, port } = new URL(target);
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      {
        ...{ hostname, port, method, path, agent },
        headers: { ...withoutFraming(headers), 'content-length': body.length },
      },
      (incoming) => {
        buffer(incoming).then(
          (answer) =>
            resolve({ status: incoming.statusCode ?? 500, headers: incoming.headers, body: answer }),
          reject,
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** How the bytes travelled on one connection says nothing about the other; CRC32 of a body may not hold any more. */
function withoutFraming(headers: IncomingMessage['headers']): IncomingMessage['headers'] {
  const {
    connection,
    'transfer-encoding': encoding,
    'content-length': length,
    expect,
    'x-amz-crc32': crc,
    ...rest
  } = headers;
  return rest;
}
