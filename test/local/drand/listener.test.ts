import { createServer } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import { chainOf, newSecretKey } from '../../../local/drand/chain.ts';
import { drandListener } from '../../../local/drand/listener.ts';
import { isForDrand, mirrorsAt } from '../../../local/drand/mirrors.ts';
import { listen, type RunningEngine } from '../../../local/engines/running-engine.ts';
import type { Interceptor } from '../../../local/proxy/aws-call.ts';

const chain = chainOf(newSecretKey(), 1_700_000_000);
const { chainHash } = chain.info;
const now = 1_700_000_100_000;
let server: RunningEngine | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function start(intercept?: Interceptor): Promise<string> {
  server = await listen(createServer(drandListener(chain, () => now, intercept)), 0);
  return `http://127.0.0.1:${server.port}`;
}

it('has the same rounds on every mirror', async () => {
  const endpoint = await start();
  const urls = [endpoint, ...mirrorsAt(endpoint)];
  expect(urls).toHaveLength(5);
  for (const url of urls) {
    const answer = await fetch(`${url}/${chainHash}/public/2`);
    expect(await answer.json()).toMatchObject({ round: 2, signature: chain.signatureOf(2) });
  }
});

it('shows each request to an interceptor, which may answer, or cut the caller off', async () => {
  const seen: string[] = [];
  const endpoint = await start(async ({ service, operation, path, caller }, forward) => {
    seen.push(`${service} ${operation} ${path} '${caller}'`);
    return path.startsWith('/mirrors/2/') ? 'disconnect' : forward();
  });
  const [first, second] = mirrorsAt(endpoint);
  expect((await fetch(`${first}/chains`)).status).toBe(200);
  await expect(fetch(`${second}/chains`)).rejects.toThrow('fetch failed');
  expect(seen).toEqual([
    "drand /chains /mirrors/1/chains ''",
    expect.stringContaining("drand /chains /mirrors/2/chains ''"),
  ]);
});

it.each([
  [`/${'0a'.repeat(32)}/info`, true],
  [`/mirrors/1/${'0a'.repeat(32)}/public/1`, true],
  ['/chains', true],
  ['/2015-03-31/functions/x/invocations', false],
  ['/', false],
  ['/mirrors', false],
])('knows its paths from those of Lambda: %s', (url, isOurs) => {
  expect(isForDrand({ url })).toBe(isOurs);
});
