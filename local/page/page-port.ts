import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { S3Client } from '@aws-sdk/client-s3';
import { systemClock } from '../clock.ts';
import { PortTakenError } from '../engines/engine.ts';
import { PAGE_LISTENER } from '../engines/index.ts';
import { ENGINE_HOST, listen } from '../engines/running-engine.ts';
import { refuse } from '../engines/strangers.ts';
import type { Interceptor } from '../proxy/aws-call.ts';
import { listenerOf } from '../proxy/proxy.ts';
import { Distribution } from './distribution.ts';
import { EventSockets } from './event-socket.ts';
import { EventsApi } from './events-api.ts';
import { strangeHeader } from './strangers.ts';

const PUBLISH_PATH = '/event';
const SOCKET_PATH = '/event/realtime';

/** What a browser talks to. */
export interface PagePort {
  /** Host and port. */
  readonly host: string;
  readonly events: EventsApi;
  readonly distribution: Distribution;
  /** Has the paths that begin so served by another one. */
  serve(prefix: string, listener: RequestListener): void;
  stop(): Promise<void>;
}

export interface PagePortOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** Stands before what is published. */
  readonly interceptor: Interceptor | undefined;
  /** Reads the buckets of the distribution: they are made after the port. */
  readonly s3: () => S3Client;
}

/** @throws PortTakenError, or the server's own error */
export async function startPagePort({ port, interceptor, s3 }: PagePortOptions): Promise<PagePort> {
  const events = new EventsApi(() => systemClock.now());
  const sockets = new EventSockets(events);
  const distribution = new Distribution();
  const own: [prefix: string, listener: RequestListener][] = [];
  const publish = listenerOf(interceptor, async (call) => events.publish(call));
  const server = createServer((request, response) => {
    const strange = strangeHeader(request);
    if (strange !== undefined) {
      refuse(response, strange);
      return;
    }
    const path = request.url?.split('?')[0] ?? '/';
    const listener = own.find(([prefix]) => path.startsWith(prefix))?.[1];
    if (listener) listener(request, response);
    else if (path === PUBLISH_PATH && request.method === 'POST') publish(request, response);
    else distribution.serve(request, response, s3()).catch(() => failed(response));
  });
  server.on('upgrade', (request: IncomingMessage, socket, head: Buffer) => {
    const isOwn = strangeHeader(request) === undefined;
    if (isOwn && request.url?.split('?')[0] === SOCKET_PATH) sockets.accept(request, socket, head);
    else socket.destroy();
  });
  const running = await listen(server, port).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EADDRINUSE' ? new PortTakenError(port, PAGE_LISTENER) : error;
  });
  return {
    ...{ host: `${ENGINE_HOST}:${running.port}`, events, distribution },
    serve: (prefix, listener) => own.push([prefix, listener]),
    async stop() {
      sockets.stop();
      await running.close();
    },
  };
}

function failed(response: ServerResponse): void {
  if (response.headersSent) response.destroy();
  else response.writeHead(502).end();
}
