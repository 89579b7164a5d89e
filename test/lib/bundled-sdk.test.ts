import { hash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { describe, expect, test, vi } from 'vitest';
import { projectRoot } from '../../lib/project-root.ts';
import { errorOf, successes, xmlOf } from './support/answers.ts';
import { bothSdks } from './support/both-sdks.ts';
import { sdkCalls } from './support/sdk-calls.ts';

const { bundledOf, sameOf } = bothSdks();

describe('the SDK in a bundle', () => {
  test('is asked for nothing but what is compared here', () => {
    const sources = globSync(`${projectRoot}lambda/**/*.ts`).map((file) => readFileSync(file, 'utf8'));
    const commands = sources.flatMap((source) => source.match(/\b[A-Z]\w+(?=Command\b)/g) ?? []);
    const compared = Object.keys(sdkCalls()).map((name) => name.replace(/ .*/, ''));
    expect(new Set(commands)).toEqual(new Set(compared));
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

  test('puts bytes of megabytes as they are, with their checksum', async () => {
    const { requests } = await sameOf('PutObject of bytes', {});
    const [{ body = '', headers } = {}] = requests;
    expect(headers).toMatchObject({
      expect: '100-continue',
      'content-length': String(Buffer.byteLength(body)),
    });
    expect(headers).toHaveProperty('x-amz-checksum-crc32', sumOf(body));
    expect(body).toMatch(/^é{1024}/);
  });

  const sumOf = (body: string) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(crc32(body));
    return bytes.toString('base64');
  };
  /** Those of whoever copies or restores objects by other tools. */
  const hashOf = (algorithm: string) => hash(algorithm, 'blöck', 'base64');
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
    ['SHA-256', { 'x-amz-checksum-sha256': hashOf('sha256') }, { text: 'blöck' }],
    ['SHA-1', { 'x-amz-checksum-sha1': hashOf('sha1') }, { text: 'blöck' }],
    ['CRC32C', { 'x-amz-checksum-crc32c': 'Eu1WGg==' }, { text: 'blöck' }],
    ['CRC64', { 'x-amz-checksum-crc64nvme': 'cdNI3ubpBlM=' }, { text: 'blöck' }],
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
    ['Sign', errorOf('ThrottlingException'), undefined],
    [
      'Sign',
      { status: 400, body: '{"__type":"AccessDeniedException","Message":"It is not yours"}' },
      undefined,
    ],
    ['GetPublicKey', { status: 500, body: 'no JSON' }, undefined],
  ] as const)('%s fails as the whole one (%#)', async (name, answer, kind) => {
    const { outcome } = await sameOf(name, answer);
    expect(outcome).toMatchObject({
      isCondition: kind === 'isCondition',
      isMissing: kind === 'isMissing',
    });
  });

  test.each([
    ['AWS_USE_FIPS_ENDPOINT', 'true', /no endpoints for FIPS/],
    ['AWS_USE_DUALSTACK_ENDPOINT', 'true', /nor dual-stack ones/],
    ['AWS_RETRY_MODE', 'adaptive', /not in the bundles/],
  ])('says that it has nothing for %s', async (variable, value, message) => {
    vi.stubEnv(variable, value);
    for (const name of Object.keys(sdkCalls())) {
      const { outcome, requests } = await bundledOf(name, {});
      expect(outcome).toMatchObject({ message: expect.stringMatching(message) });
      expect(requests).toEqual([]);
    }
    vi.stubEnv(variable, undefined);
  });

  test('names an error of SQS as its documentation does', async () => {
    const headers = { 'x-amzn-query-error': 'AWS.SimpleQueueService.NonExistentQueue;Sender' };
    const answers = [{ ...errorOf('com.amazonaws.sqs#QueueDoesNotExist'), headers }];
    const made = await bundledOf('SendMessageBatch', ...answers);
    expect(made.requests).toHaveLength(1);
    expect(made.outcome).toMatchObject({
      name: 'AWS.SimpleQueueService.NonExistentQueue',
      message: 'It is com.amazonaws.sqs#QueueDoesNotExist',
    });
  });
});
