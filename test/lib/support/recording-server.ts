import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface RecordedRequest {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Gives the answers it is told, one after the other and then the last one for ever, and tells what it was asked. */
export async function recordingServer() {
  let answers: readonly Answer[] = [];
  let requests: RecordedRequest[] = [];
  const server = createServer(async (request, response) => {
    const { method, url, headers } = request;
    requests.push({ method, url, headers, body: await text(request) });
    const {
      status = 200,
      headers: answered = {},
      body = '',
    } = answers[requests.length - 1] ?? answers.at(-1) ?? {};
    // Who signs by a clock that stands still would take it for wrong.
    response.sendDate = false;
    response.writeHead(status, answered).end(body);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answer(next: readonly Answer[]) {
      [answers, requests] = [next, []];
    },
    requests: () => requests,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
