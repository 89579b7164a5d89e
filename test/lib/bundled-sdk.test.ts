import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { crc32 } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { bundle } from '../../lib/bundling/bundle.ts';
import { projectRoot } from '../../lib/project-root.ts';
import { type Answer, recordingServer } from './support/recording-server.ts';
import * as whole from './support/sdk-calls.ts';
import { authorizationOf, signingVariables } from './support/signature.ts';

const directory = mkdtempSync(join(tmpdir(), 'bundled-sdk-'));
const server = await recordingServer();

/** The calls on the SDK as it is in `node_modules/`, and as it is in a bundle. */
let calls: { readonly whole: typeof whole; readonly bundled: typeof whole };

beforeAll(async () => {
  vi.stubEnv('AWS_ENDPOINT_URL', server.url);
  for (const [name, value] of Object.entries(signingVariables)) vi.stubEnv(name, value);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 0, 1) });
  const file = join(directory, 'calls.mjs');
  const files = bundle([{ in: 'test/lib/support/sdk-calls.ts', out: 'calls' }]);
  for (const { path, contents } of files) if (path.endsWith('.mjs')) writeFileSync(file, contents);
  calls = { whole, bundled: await import(pathToFileURL(file).href) };
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

/** Without what differs from call to call; and the whole SDK says that it is of a version that its package is not. */
function comparable({ authorization, 'amz-sdk-invocation-id': id, ...headers }: IncomingHttpHeaders) {
  const json = JSON.stringify(headers).replaceAll(/\b3\.\d+\.\d+/g, 'VERSION');
  return {
    ...JSON.parse(json),
    hasId: id !== undefined,
    signature: authorization?.replace(/Signature=.*/, ''),
  };
}

/** What the bundled one sent, signed and all, and made of the answers: the same as the whole SDK. */
async function sameOf(name: string, ...answers: readonly Answer[]) {
  const expected = await madeBy(calls.whole, name, answers);
  const made = await madeBy(calls.bundled, name, answers);
  expect(made).toEqual(expected);
  return made;
}

const errorOf = (type: string, status = 400): Answer => ({
  status,
  headers: { 'x-amzn-requestid': 'id' },
  body: JSON.stringify({ __type: type, message: `It is ${type}`, Item: { id: { S: 'a' } } }),
});
const xmlOf = (code: string, status: number): Answer => ({
  status,
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>It is ${code}</Message><Key>a</Key></Error>`,
});

const item = { id: { S: 'a' }, bytes: { B: 'AAEC' }, list: { L: [{ N: '1' }, { NULL: true }] } };
const successes: Record<string, unknown> = {
  BatchExecuteStatement: { Responses: [{ Item: item }, { Error: { Code: 'DuplicateItem', Message: 'x' } }] },
  BatchGetItem: { Responses: { users: [item] }, UnprocessedKeys: { users: { Keys: [{ id: { S: 'b' } }] } } },
  DeleteItem: { Attributes: item },
  GetItem: { Item: item },
  PutItem: {},
  Query: { Items: [item], LastEvaluatedKey: { id: { S: 'a' } } },
  UpdateItem: { Attributes: item },
  ListShards: { Shards: [{ ShardId: 'a', HashKeyRange: { StartingHashKey: '0' } }], NextToken: 'b' },
  PutRecords: { FailedRecordCount: 1, Records: [{ SequenceNumber: '1' }, { ErrorCode: 'b' }] },
  GetPublicKey: { PublicKey: 'AAEC', KeySpec: 'ECC_NIST_P256' },
  Sign: { Signature: 'AAEC' },
  SendMessageBatch: {
    Successful: [{ Id: '0', MessageId: '1', MD5OfMessageBody: 'e5e5c0754f1e26bf915455e21cf2eba5' }],
  },
};

describe('the SDK in a bundle', () => {
  test('is asked for nothing but what is compared here', () => {
    const sources = globSync(`${projectRoot}lambda/**/*.ts`).map((file) => readFileSync(file, 'utf8'));
    const commands = sources.flatMap((source) => source.match(/\b[A-Z]\w+(?=Command\b)/g) ?? []);
    expect(new Set(commands)).toEqual(new Set(Object.keys(whole.sdkCalls())));
  });

  test.each(Object.entries(successes))(
    'sends %s and reads its answer as the whole one',
    async (name, output) => {
      const { outcome, requests } = await sameOf(name, { body: JSON.stringify(output) });
      expect(outcome).not.toHaveProperty('message');
      expect(requests).toMatchObject([{ headers: { 'x-amz-security-token': 'token' } }]);
    },
  );

  test('puts objects with their checksum', async () => {
    const { outcome, requests } = await sameOf('PutObject', { headers: { etag: '"a"' } });
    expect(outcome).toMatchObject({ ETag: '"a"' });
    expect(requests).toMatchObject([
      { method: 'PUT', body: '{"a":"ü"}', headers: { 'x-amz-checksum-crc32': expect.any(String) } },
    ]);
  });

  const sumOf = (body: string) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(crc32(body));
    return bytes.toString('base64');
  };
  const modified = { 'last-modified': 'Thu, 01 Jan 2026 00:00:00 GMT', 'x-amz-meta-a': 'b' };
  test.each([
    ['its checksum', { 'x-amz-checksum-crc32': sumOf('blöck') }, { text: 'blöck' }],
    [
      'another checksum',
      { 'x-amz-checksum-crc32': sumOf('block') },
      { message: expect.stringMatching(/Checksum mismatch/) },
    ],
    [
      "a checksum of S3's own",
      { 'x-amz-checksum-crc64nvme': 'AAAAAAAAAAA=' },
      { message: expect.stringMatching(/Checksum mismatch/) },
    ],
    ['none', {}, { text: 'blöck' }],
  ])('gets an object with %s', async (_, headers, expected: object) => {
    const { outcome } = await sameOf('GetObject', { headers: { ...modified, ...headers }, body: 'blöck' });
    expect(outcome).toMatchObject(expected);
  });

  test.each([
    [
      'UpdateItem',
      errorOf('com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException'),
      'isCondition',
    ],
    ['PutItem', errorOf('com.amazonaws.dynamodb.v20120810#ResourceNotFoundException'), undefined],
    ['GetObject', xmlOf('NoSuchKey', 404), 'isMissing'],
    ['GetObject', xmlOf('AccessDenied', 403), undefined],
    ['GetObject', { status: 404 }, undefined],
    ['PutObject', xmlOf('NoSuchBucket', 404), undefined],
    ['ListShards', errorOf('ResourceNotFoundException'), undefined],
    ['Sign', errorOf('DisabledException'), undefined],
    ['GetPublicKey', { status: 500, body: 'no JSON' }, undefined],
  ] as const)('%s fails as the whole one (%#)', async (name, answer, kind) => {
    const { outcome } = await sameOf(name, answer);
    expect(outcome).toMatchObject({
      isCondition: kind === 'isCondition',
      isMissing: kind === 'isMissing',
    });
  });

  test('names an error of SQS as its documentation does', async () => {
    const headers = { 'x-amzn-query-error': 'AWS.SimpleQueueService.NonExistentQueue;Sender' };
    const answers = [{ ...errorOf('com.amazonaws.sqs#QueueDoesNotExist'), headers }];
    const made = await madeBy(calls.bundled, 'SendMessageBatch', answers);
    expect(made.requests).toHaveLength(1);
    expect(made.outcome).toMatchObject({
      name: 'AWS.SimpleQueueService.NonExistentQueue',
      message: 'It is com.amazonaws.sqs#QueueDoesNotExist',
    });
  });

  test.each([
    ['UpdateItem', errorOf('com.amazonaws.dynamodb.v20120810#ThrottlingException')],
    ['UpdateItem', errorOf('com.amazonaws.dynamodb.v20120810#ReplicatedWriteConflictException')],
    ['PutRecords', errorOf('ProvisionedThroughputExceededException')],
    ['PutObject', xmlOf('SlowDown', 503)],
    ['SendMessageBatch', errorOf('com.amazonaws.sqs#RequestThrottled')],
  ])('%s is tried again (%#)', async (name, answer) => {
    // No pause.
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const success = successes[name] === undefined ? '' : JSON.stringify(successes[name]);
    const { outcome, requests } = await sameOf(name, answer, { body: success });
    expect(outcome).not.toHaveProperty('message');
    expect(requests).toHaveLength(2);
  });
});
