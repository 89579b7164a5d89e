import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, vi } from 'vitest';
import { bundle } from '../../../lib/bundling/bundle.ts';
import { type Answer, recordingServer } from './recording-server.ts';
import * as whole from './sdk-calls.ts';
import { authorizationOf, signingVariables } from './signature.ts';

/** The calls on the SDK as it is in `node_modules/`, and as it is in a bundle, for one test file. The clock stands at the beginning of 2026. */
export function bothSdks() {
  const directory = mkdtempSync(join(tmpdir(), 'bundled-sdk-'));
  let server: Awaited<ReturnType<typeof recordingServer>>;
  let bundled: typeof whole;

  beforeAll(async () => {
    server = await recordingServer();
    vi.stubEnv('AWS_ENDPOINT_URL', server.url);
    for (const [name, value] of Object.entries(signingVariables)) vi.stubEnv(name, value);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 0, 1) });
    const file = join(directory, 'calls.mjs');
    const files = bundle([{ in: 'test/lib/support/sdk-calls.ts', out: 'calls' }]);
    for (const { path, contents } of files) if (path.endsWith('.mjs')) writeFileSync(file, contents);
    bundled = await import(pathToFileURL(file).href);
  });

  afterEach(() => vi.restoreAllMocks());

  afterAll(async () => {
    vi.useRealTimers();
    vi.unstubAllEnvs();
    await server.stop();
    rmSync(directory, { recursive: true });
  });

  async function madeBy({ sdkCalls, outcomeOf }: typeof whole, name: string, answers: readonly Answer[]) {
    server.answer(answers);
    const call = sdkCalls()[name];
    if (call === undefined) throw new Error(`There is no call ${name}`);
    const outcome = await outcomeOf(call);
    const requests = [];
    for (const request of server.requests()) {
      const { authorization } = request.headers;
      expect(authorization).toBe(await authorizationOf(request));
      requests.push({ ...request, headers: comparable(request.headers) });
    }
    return { outcome, requests };
  }

  return {
    bundledOf: (name: string, ...answers: readonly Answer[]) => madeBy(bundled, name, answers),
    /** What the bundled one sent, signed and all, and made of the answers: the same as the whole SDK. */
    async sameOf(name: string, ...answers: readonly Answer[]) {
      const expected = await madeBy(whole, name, answers);
      const made = await madeBy(bundled, name, answers);
      expect(made).toEqual(expected);
      return made;
    },
  };
}

/** Without what differs from call to call; and the whole SDK says that it is of a version that its package is not. */
function comparable({ authorization, 'amz-sdk-invocation-id': id, ...headers }: IncomingHttpHeaders) {
  const json = JSON.stringify(headers).replaceAll(/\b3\.\d+\.\d+/g, 'VERSION');
  return {
    ...JSON.parse(json),
    hasId: id !== undefined,
    signature: authorization?.replace(/Signature=.*/, ''),
  };
}
