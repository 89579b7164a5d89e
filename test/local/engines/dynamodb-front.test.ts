import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Front, putBefore } from '../../../local/engines/dynamodb-front.ts';
import { listen, type RunningEngine } from '../../../local/engines/running-engine.ts';

const signed = { authorization: 'AWS4-HMAC-SHA256 Credential=a, SignedHeaders=b, Signature=c' };
const target = { 'x-amz-target': 'DynamoDB_20120810.PutItem' };

describe('the front of an engine', () => {
  let engine: RunningEngine;
  let url: string;
  let failures: Error[];
  let called: () => Promise<void>;

  beforeEach(async () => {
    failures = [];
    called = async () => {};
    const server = createServer((_request, response) => response.end('the engine'));
    const front: Front = {
      takes: (operation) => operation === 'PutItem',
      answer: (operation, input, call) => call(operation, input),
    };
    const call = async () => {
      await called();
      return { status: 200, body: 'the front' };
    };
    putBefore(server, call, [front]);
    engine = await listen(server, 0);
    server.on('error', (error) => failures.push(error));
    url = `http://127.0.0.1:${engine.port}/`;
  });
  afterEach(() => engine.close());

  async function answerTo(headers: Record<string, string>, query = ''): Promise<string> {
    const answer = await fetch(url + query, {
      method: 'POST',
      headers: { ...target, ...headers },
      body: '{}',
    });
    return answer.text();
  }

  it('leaves what is not signed to the engine, which refuses it; a signature may be in the query, too', async () => {
    expect(await answerTo({})).toBe('the engine');
    expect(await answerTo({ authorization: 'Basic abc' })).toBe('the engine');
    expect(await answerTo(signed)).toContain('the front');
    expect(await answerTo({}, '?X-Amz-Algorithm=AWS4-HMAC-SHA256')).toContain('the front');
  });

  it('ends the engine with what fails in a call, and does not let the caller wait', async () => {
    called = () => Promise.reject(new Error('no space left on device'));
    await expect(answerTo(signed)).rejects.toThrow('fetch failed');
    expect(failures.map(({ message }) => message)).toEqual(['no space left on device']);
  });

  it('does not mind a caller that goes away in the middle of its request', async () => {
    const leaving = request(url, {
      method: 'POST',
      headers: { ...target, ...signed, 'content-length': 100 },
    });
    leaving.on('error', () => {});
    leaving.write('{');
    const [socket] = await once(leaving, 'socket');
    if (socket.connecting) await once(socket, 'connect');
    leaving.destroy();
    expect(await answerTo(signed)).toContain('the front');
    expect(failures).toEqual([]);
  });
});
