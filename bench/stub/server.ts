/**
 * An endpoint that stands for DynamoDB, Kinesis, SQS, S3 and KMS: it keeps nothing and answers at once. In a process of
 * its own, so that its work is not that of the function; it counts what AWS would bill.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { operations } from './answers.ts';
import { noUsage } from './usage.ts';

let usage = noUsage();

const server = createServer((request, response) => {
  answer(request, response).catch((error: Error) => {
    response.writeHead(500).end(JSON.stringify({ __type: 'StubFailed', message: error.message }));
  });
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method === 'PUT') return takeObject(request, response);
  const target = String(request.headers['x-amz-target']);
  const operation = target.slice(target.indexOf('.') + 1);
  const body: unknown = JSON.parse((await buffer(request)).toString('utf8'));
  const run = operations[operation];
  if (run === undefined) throw new Error(`The stub has no ${operation}`);
  usage.calls[operation] = (usage.calls[operation] ?? 0) + 1;
  const result = Buffer.from(JSON.stringify(run(body, usage)));
  response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1', 'content-length': result.length });
  response.end(result);
}

/** S3's PutObject: any other PUT is none of these services'. */
async function takeObject(request: IncomingMessage, response: ServerResponse): Promise<void> {
  await buffer(request);
  usage.calls.PutObject = (usage.calls.PutObject ?? 0) + 1;
  response.writeHead(200, { etag: '"bench"', 'content-length': 0 }).end();
}

/** Any message asks for the usage since the last one. */
process.on('message', () => {
  process.send?.({ usage });
  usage = noUsage();
});
process.on('disconnect', () => process.exit());

server.listen(0, '127.0.0.1', () => {
  process.send?.({ port: (server.address() as AddressInfo).port });
});
