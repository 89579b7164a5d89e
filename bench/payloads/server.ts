/**
 * Makes payloads: the text that Lambda hands to a function, of the batch that a `BatchRequest` asks for. In a process of its
 * own, so that neither its time nor its memory is the function's.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { BatchRequest } from './load.ts';
import { payloadOf } from './payload.ts';

const server = createServer((request, response) => {
  text(request).then(
    (body) => {
      const asked: BatchRequest = JSON.parse(body);
      response.end(payloadOf(asked, Date.now()));
    },
    (error: Error) => response.writeHead(500).end(error.message),
  );
});
server.keepAliveTimeout = 600_000;

process.on('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => {
  process.send?.({ port: (server.address() as AddressInfo).port });
});
