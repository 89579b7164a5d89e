import { createServer, request } from 'node:http';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Engine, startEngine } from '../../../local/engines/engine.ts';
import { listen, type RunningEngine } from '../../../local/engines/running-engine.ts';
import { type Proxy as RunningProxy, startProxy } from '../../../local/proxy/proxy.ts';

let server: RunningEngine;
let proxy: RunningProxy;

beforeEach(async () => {
  server = await listen(
    createServer((_, response) => response.end('done')),
    0,
  );
  proxy = await startProxy(`http://127.0.0.1:${server.port}`, 0, (_, forward) => forward());
});

afterEach(async () => {
  await proxy.stop();
  await server.close();
});

function ask(port: number, headers: Record<string, string>, method = 'POST'): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, method, path: '/', headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}

const programs: Record<string, string>[] = [
  { host: '127.0.0.1:4567' },
  { host: 'localhost:4567' },
  { host: '[::1]:4567' },
  { host: 'bucket.localhost:4567' },
  { host: 'LOCALHOST' },
  { host: '127.0.0.1:4567', origin: 'http://localhost:3000' },
];

it.each(programs)('answers what asks for this machine: %o', async (headers) => {
  expect(await ask(server.port, headers)).toBe(200);
  expect(await ask(proxy.port, headers)).toBe(200);
});

/** A name that was made to lead here; and a page that asks for this machine, which engines would allow any site. */
const strangers: Record<string, string>[] = [
  { host: 'rebound.example:4567' },
  { host: '127.0.0.1.rebound.example:4567' },
  { host: 'notlocalhost:4567' },
  { host: '127.0.0.1:4567', origin: 'https://site.example' },
  { host: '127.0.0.1:4567', origin: 'null' },
  { host: '127.0.0.1:4567', origin: 'http://localhost.site.example' },
];

it.each(strangers)('refuses what is of another site: %o', async (headers) => {
  expect(await ask(server.port, headers)).toBe(403);
  expect(await ask(proxy.port, headers)).toBe(403);
});

it.each(['kinesalite', 'dynalite', 'fauxqs'] as const)(
  'has %s allow no other site anything',
  async (name) => {
    const engine: Engine = await startEngine(name, {
      ...{ port: 0, region: 'us-east-1', accountId: '000000000000' },
      onFailure: () => {},
    });
    try {
      const asked = { origin: 'https://site.example', 'access-control-request-headers': 'x-amz-target' };
      expect(await ask(Number(new URL(engine.endpoint).port), asked, 'OPTIONS')).toBe(403);
    } finally {
      await engine.stop();
    }
  },
);
