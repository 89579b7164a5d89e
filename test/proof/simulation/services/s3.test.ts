import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  NoSuchBucket,
  NoSuchKey,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { inMemoryServices } from '../../../contract/support/in-memory-services.ts';

const Bucket = 'artifacts';

async function setUp() {
  const memory = inMemoryServices();
  const { s3 } = memory.clients;
  await s3.send(new CreateBucketCommand({ Bucket }));
  const put = (Key: string, Body: string | Uint8Array) =>
    s3.send(new PutObjectCommand({ Bucket, Key, Body }));
  const get = async (Key: string) => (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body;
  return { ...memory, s3, put, get };
}

test('objects are put, read, listed and deleted, whatever their keys', async () => {
  const { s3, put, get, services, now } = await setUp();
  const keys = ['a', 'aws/lambda/1', 'aws/lambda/ü & <"b">', 'b+c d'];
  for (const key of keys) await put(key, `body of ${key}`);
  for (const key of keys) expect(await (await get(key))?.transformToString()).toBe(`body of ${key}`);
  const list = async (Prefix?: string) =>
    (await s3.send(new ListObjectsV2Command({ Bucket, Prefix }))).Contents ?? [];
  expect((await list()).map(({ Key }) => Key)).toEqual(keys);
  expect((await list('aws/lambda/')).map(({ Key }) => Key)).toEqual(keys.slice(1, 3));
  expect((await list())[0]).toMatchObject({ Size: 9, LastModified: new Date(now()) });
  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
  expect(services.objects(Bucket).map(({ key }) => key)).toEqual(keys.slice(1));
});

test('bytes come back as they were put, the last that were', async () => {
  const { put, get } = await setUp();
  const bytes = Uint8Array.from({ length: 256 }, (_, n) => n);
  await put('key', 'before');
  await put('key', bytes);
  expect(Buffer.from((await (await get('key'))?.transformToByteArray()) ?? [])).toEqual(Buffer.from(bytes));
});

test('a list has pages', async () => {
  const { s3, put } = await setUp();
  for (const key of ['a', 'b', 'c']) await put(key, 'text');
  const first = await s3.send(new ListObjectsV2Command({ Bucket, MaxKeys: 2 }));
  expect(first).toMatchObject({ IsTruncated: true, KeyCount: 2 });
  const token = { ContinuationToken: first.NextContinuationToken };
  const second = await s3.send(new ListObjectsV2Command({ Bucket, MaxKeys: 2, ...token }));
  expect(second.Contents?.map(({ Key }) => Key)).toEqual(['c']);
  expect(second.NextContinuationToken).toBeUndefined();
});

test('what is not there is named, and what is not emulated', async () => {
  const { s3, get } = await setUp();
  await expect(get('absent')).rejects.toThrow(NoSuchKey);
  await expect(s3.send(new ListObjectsV2Command({ Bucket: 'absent' }))).rejects.toThrow(NoSuchBucket);
  await s3.send(new CreateBucketCommand({ Bucket }));
  expect((await s3.send(new ListBucketsCommand({}))).Buckets?.map(({ Name }) => Name)).toEqual([Bucket]);
  await expect(s3.send(new HeadObjectCommand({ Bucket, Key: 'a' }))).rejects.toThrow(/HEAD \/artifacts\/a/);
  const grouped = new ListObjectsV2Command({ Bucket, Delimiter: '/' });
  await expect(s3.send(grouped)).rejects.toThrow(/Not emulated in memory: delimiter/);
});
