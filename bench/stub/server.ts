/**
 * An endpoint that stands for DynamoDB, Kinesis, SQS, S3 and KMS, and answers at once. It keeps users, and nothing else. In a
 * process of its own, so that its work is not that of the function; it counts what AWS would bill.
 */
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type Answer, operations } from './answers.ts';
import { KeptItems } from './kept-items.ts';
import type { Question } from './stub.ts';
import { noUsage } from './usage.ts';

let usage = noUsage();
const items = new KeptItems();

const listener: RequestListener = (request, response) => {
  answer(request, response).catch((error: Error) => {
    respond(response, { status: 500, body: { __type: 'StubFailed', message: error.message } });
  });
};

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method === 'PUT') return takeObject(request, response);
  const target = String(request.headers['x-amz-target']);
  const operation = target.slice(target.indexOf('.') + 1);
  const body: unknown = JSON.parse((await buffer(request)).toString('utf8'));
  const run = operations[operation];
  if (run === undefined) throw new Error(`The stub has no ${operation}`);
  usage.calls[operation] = (usage.calls[operation] ?? 0) + 1;
  respond(response, run(body, usage, items));
}

function respond(response: ServerResponse, { status = 200, body }: Answer): void {
  const bytes = Buffer.from(JSON.stringify(body));
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.1',
    'content-length': bytes.length,
  });
  response.end(bytes);
}

/** S3's PutObject: any other PUT is none of these services'. */
async function takeObject(request: IncomingMessage, response: ServerResponse): Promise<void> {
  await buffer(request);
  usage.calls.PutObject = (usage.calls.PutObject ?? 0) + 1;
  response.writeHead(200, { etag: '"bench"', 'content-length': 0 }).end();
}

/** Functions wait for their turns with open connections, as they do for their invocations on Lambda. */
async function listen(server: Server & { keepAliveTimeout: number }): Promise<number> {
  server.keepAliveTimeout = 600_000;
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}

process.on('message', (question: Question) => {
  if (question.kind === 'fill') items.fill(question.table, question.users, question.item);
  process.send?.({ usage });
  usage = noUsage();
});
process.on('disconnect', () => process.exit());

const { BENCH_KEY, BENCH_CERTIFICATE } = process.env;
const port = await listen(createServer(listener));
const tlsPort =
  BENCH_KEY && BENCH_CERTIFICATE
    ? await listen(
        createTlsServer({ key: readFileSync(BENCH_KEY), cert: readFileSync(BENCH_CERTIFICATE) }, listener),
      )
    : undefined;
process.send?.({ port, tlsPort });
