import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AwsAnswer, type AwsCall, errorAnswer } from '../../../local/proxy/aws-call.ts';
import { alsoAt } from './support/other-dynamodb.ts';

const taken: AwsAnswer = { status: 200, headers: {}, body: Buffer.from('{}') };
const refusal = errorAnswer(400, 'com.amazon.coral.validate#ValidationException', 'An empty key');

let answer: AwsAnswer;
const other = createServer((_, response) => response.writeHead(answer.status).end(answer.body));

beforeAll(() => new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve)));
afterAll(() => other.close());

const call: AwsCall = {
  ...{ service: 'dynamodb', operation: 'PutItem', caller: 'dev-draw.1', method: 'POST', path: '/' },
  ...{ headers: {}, body: Buffer.from('{}') },
};

/** What is noticed when the engines answer so. */
async function refusedOf(own: AwsAnswer, others: AwsAnswer): Promise<string[]> {
  answer = others;
  const refused: string[] = [];
  const { port } = other.address() as AddressInfo;
  expect(await alsoAt(`http://127.0.0.1:${port}`, refused)(call, async () => own)).toBe(own);
  return refused;
}

function statements(...responses: readonly object[]): AwsAnswer {
  return { ...taken, body: Buffer.from(JSON.stringify({ Responses: responses })) };
}

it('notices a call that only the other engine refuses', async () => {
  expect(await refusedOf(taken, refusal)).toEqual([expect.stringMatching(/^PutItem: .*An empty key: \{\}$/)]);
  expect(await refusedOf(refusal, refusal)).toEqual([]);
  expect(await refusedOf(taken, taken)).toEqual([]);
});

it('and a statement of a call, but no condition that did not hold', async () => {
  const invalid = { Error: { Code: 'ValidationError', Message: 'An empty key' } };
  const stale = { Error: { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' } };
  expect(await refusedOf(statements({}, {}), statements({}, invalid))).toHaveLength(1);
  expect(await refusedOf(statements({}, invalid), statements({}, invalid))).toEqual([]);
  expect(await refusedOf(statements({}, {}), statements(stale, {}))).toEqual([]);
  const failed = errorAnswer(400, 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException', 'No');
  expect(await refusedOf(taken, failed)).toEqual([]);
});
