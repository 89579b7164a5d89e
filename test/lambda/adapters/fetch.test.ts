import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { httpFetch } from '../../../lambda/adapters/fetch.ts';

const servers: Server[] = [];

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

const patient = { timeoutMs: 60_000, maximumBytes: 10 };

describe('what is fetched', () => {
  test('has its status and body, of as many bytes as it may have', async () => {
    const url = await serve((_, response) => response.writeHead(404).end('käse 5678'));
    expect(await httpFetch(url, patient)).toEqual({ status: 404, body: 'käse 5678' });
  });

  test('is an error where it has more: it is not read to its end', async () => {
    let isClosed: Promise<unknown> | undefined;
    const url = await serve((_, response) => {
      isClosed = new Promise((resolve) => response.on('close', resolve));
      const write = () => {
        while (!response.destroyed && response.write('x'.repeat(1_000)));
      };
      response.on('drain', write);
      write();
    });
    await expect(httpFetch(url, patient)).rejects.toThrow('has more than 10 bytes');
    await isClosed;
  });

  test.each(['before its head', 'within its body'])('is an error where it hangs %s', async (where) => {
    const url = await serve((_, response) => {
      if (where !== 'before its head') response.write('x');
    });
    await expect(httpFetch(url, { ...patient, timeoutMs: 50 })).rejects.toThrow(/timeout/i);
  });

  test('is never where somebody points to', async () => {
    const asked: unknown[] = [];
    const inside = await serve((request, response) => {
      asked.push(request.url);
      response.end('secret');
    });
    const url = await serve((_, response) => response.writeHead(302, { location: inside }).end());
    await expect(httpFetch(url, patient)).rejects.toThrow();
    expect(asked).toEqual([]);
  });

  test('is an error where nobody is', async () => {
    const url = await serve(() => {});
    const [server] = servers.splice(0);
    await new Promise((resolve) => server?.close(resolve));
    await expect(httpFetch(url, patient)).rejects.toThrow();
  });
});
