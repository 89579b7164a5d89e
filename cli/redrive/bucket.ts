import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  type S3Client,
} from '@aws-sdk/client-s3';
import { type FailedBatch, parseFailedBatch } from './failed-batches.ts';

/** Lambda chooses the keys below this; nothing else in the bucket is touched. */
const PREFIX = 'aws/lambda/';

/** The failed batches of a bucket. */
export class FailedBatches {
  readonly #s3: S3Client;
  readonly #bucket: string;

  constructor(s3: S3Client, bucket: string) {
    this.#s3 = s3;
    this.#bucket = bucket;
  }

  /** Oldest first: by shard, the order in which the mapping gave them up. @throws what the client throws. */
  async keys(): Promise<string[]> {
    const objects: { key: string; at: number }[] = [];
    let token: string | undefined;
    do {
      const page = await this.#s3.send(
        new ListObjectsV2Command({
          Bucket: this.#bucket,
          Prefix: PREFIX,
          ...(token !== undefined && { ContinuationToken: token }),
        }),
      );
      for (const { Key, LastModified } of page.Contents ?? []) {
        if (Key !== undefined) objects.push({ key: Key, at: LastModified?.getTime() ?? 0 });
      }
      token = page.NextContinuationToken;
    } while (token !== undefined);
    return objects.sort((left, right) => left.at - right.at).map(({ key }) => key);
  }

  /** @throws Error that names the key when it holds no failed batch. */
  async read(key: string): Promise<FailedBatch> {
    const { Body } = await this.#s3.send(new GetObjectCommand({ Bucket: this.#bucket, Key: key }));
    return parseFailedBatch(key, (await Body?.transformToString()) ?? '');
  }

  /** The bucket has versions: what is deleted can be brought back for a while. */
  async remove(key: string): Promise<void> {
    await this.#s3.send(new DeleteObjectCommand({ Bucket: this.#bucket, Key: key }));
  }
}
