import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { GetObjectCommand, ListObjectsV2Command, NoSuchKey, type S3Client } from '@aws-sdk/client-s3';
import {
  type ArchivedRecord,
  type ArchivedStream,
  type ArchiveObject,
  archiveFolder,
  parseArchiveKey,
  parseArchiveLine,
} from '../../lambda/core/archive.ts';
import { compareSequenceNumbers } from '../../lambda/core/ids.ts';

export interface ArchiveBucket {
  readonly s3: S3Client;
  readonly bucket: string;
}

/** An object that is there. */
export interface StoredObject extends ArchiveObject {
  readonly key: string;
  /** When it was put, ms, at most a second less: none of its records arrived later. */
  readonly storedAt: number;
}

/** Of an object when it is unpacked. A batch has 6 MB at most, as base64, and what is no JSON is base64 here too. */
const longestObject = 64 * 1024 * 1024;

const unpack = promisify(gunzip);

/** @param fromDay those of days before are left out @throws what the client throws */
export async function listArchive(
  { s3, bucket: Bucket }: ArchiveBucket,
  stream: ArchivedStream,
  fromDay = '',
): Promise<StoredObject[]> {
  const objects: StoredObject[] = [];
  const Prefix = archiveFolder(stream);
  let token: string | undefined;
  do {
    const page = await s3.send(
      new ListObjectsV2Command({
        ...{ Bucket, Prefix },
        ...(token === undefined ? { StartAfter: `${Prefix}${fromDay}` } : { ContinuationToken: token }),
      }),
    );
    for (const { Key: key = '', LastModified } of page.Contents ?? []) {
      const object = parseArchiveKey(key);
      if (object !== undefined) objects.push({ ...object, key, storedAt: LastModified?.getTime() ?? 0 });
    }
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return objects;
}

/** The records of an object, in their order. @throws Error that names it when it is none that was archived, or gone */
export async function readObject(
  { s3, bucket }: ArchiveBucket,
  { key, shardId }: Pick<StoredObject, 'key' | 'shardId'>,
): Promise<ArchivedRecord[]> {
  const { Body } = await s3
    .send(new GetObjectCommand({ Bucket: bucket, Key: key }))
    .catch((error: unknown) => {
      if (!(error instanceof NoSuchKey)) throw error;
      throw new Error(`${key} was in ${bucket} and is not there any more`, { cause: error });
    });
  const packed = (await Body?.transformToByteArray()) ?? new Uint8Array();
  const text = await unpack(packed, { maxOutputLength: longestObject }).catch((error: Error) => {
    throw new Error(`${key} in ${bucket} is no object of the archive: ${error.message}`, { cause: error });
  });
  const lines = text.toString('utf8').split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line, index) => {
    const record = parseArchiveLine(line);
    if (record?.recordId.startsWith(`${shardId}:`)) return record;
    throw new Error(`Line ${index + 1} of ${key} in ${bucket} is none of the archive`);
  });
}

/**
 * Those of a shard's objects that have all of its records, in their order: what lies within others is left out. They may
 * overlap still.
 */
export function coveringObjects<One extends Pick<ArchiveObject, 'first' | 'last'>>(
  objects: readonly One[],
): One[] {
  const sorted = objects.toSorted(
    (one, other) =>
      compareSequenceNumbers(one.first, other.first) || compareSequenceNumbers(other.last, one.last),
  );
  const covering: One[] = [];
  for (const object of sorted) {
    const before = covering.at(-1);
    if (before === undefined || compareSequenceNumbers(object.last, before.last) > 0) covering.push(object);
  }
  return covering;
}

/** Objects by shard, each in the order that they come in. */
export function byShard<One extends Pick<ArchiveObject, 'shardId'>>(
  objects: readonly One[],
): Map<string, One[]> {
  const shards = new Map<string, One[]>();
  for (const object of objects) {
    const known = shards.get(object.shardId);
    if (known === undefined) shards.set(object.shardId, [object]);
    else known.push(object);
  }
  return shards;
}
