import { gzipSync } from 'node:zlib';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { ArchiveWriter } from '../ports/ports.ts';
import { putTimeoutOf } from './content-bucket.ts';

/** The archive, in the draws bucket. */
export class ArchiveBucket implements ArchiveWriter {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  /** The client tries a put again. The same lines are the same bytes: what is put once more changes nothing. */
  async put(key: string, lines: string): Promise<void> {
    const Body = gzipSync(lines);
    await this.#client.send(
      new PutObjectCommand({ Bucket: this.#bucket, Key: key, Body, ContentType: 'application/gzip' }),
      { requestTimeout: putTimeoutOf(Body.length) },
    );
  }
}
