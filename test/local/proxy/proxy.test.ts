import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeCall } from '../../../local/proxy/aws-call.ts';
import { startProxy } from '../../../local/proxy/proxy.ts';

/** An engine that answers with the path that it was asked for. */
let engine: Server;
let proxy: Awaited<ReturnType<typeof startProxy>>;
const seen: string[] = [];

beforeAll(async () => {
  engine = createServer(({ url }, response) => response.end(url));
  await new Promise<void>((resolve) => engine.listen(0, '127.0.0.1', resolve));
  const { port } = engine.address() as AddressInfo;
  proxy = await startProxy(`http://127.0.0.1:${port}`, 0, (call, forward) => {
    seen.push(call.path);
    return forward();
  });
});

afterAll(async () => {
  await proxy?.stop();
  await new Promise((resolve) => engine.close(resolve));
});

function get(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request({ hostname: '127.0.0.1', port: proxy.port, path }, (answer) =>
      text(answer).then(resolve, reject),
    );
    asked.on('error', reject).end();
  });
}

it.each([
  '/mine/../theirs/key',
  '/mine/%2e%2E/theirs/key',
  '//127.0.0.2/key',
  '/mine/a#b',
  '/mine/./a//b?c=',
])('the path %s reaches the engine as the interceptor has seen it', async (path) => {
  expect(await get(path)).toBe(path);
  expect(seen.at(-1)).toBe(path);
});

const scope = '20261126/us-east-1/s3/aws4_request';

it.each<[string, string, Record<string, string>, string]>([
  [
    'in a header',
    '/b/k',
    { authorization: `AWS4-HMAC-SHA256 Credential=probe.1/${scope}, Signed` },
    'probe.1',
  ],
  ['in its address', `/b/k?X-Amz-Credential=${encodeURIComponent(`probe.1/${scope}`)}&x=1`, {}, 'probe.1'],
  ['nowhere', '/b/k', {}, ''],
  ['in the name of an object alone', `/b/X-Amz-Credential=probe.1/${scope}/`, {}, ''],
])('a caller says %s who it is', (_, path, headers, caller) => {
  const call = describeCall({ method: 'GET', path, headers, body: Buffer.of() });
  expect(call).toMatchObject({ caller, service: caller && 's3' });
});
