import type { S3Client } from '@aws-sdk/client-s3';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { publishTimeoutMs } from '../contract/live.ts';
import type { Snapshots } from '../ports/live.ts';

/** Snapshots in the bucket of the site, where whoever opens the page reads them first: `live/<name>.json`. */
export class BucketSnapshots implements Snapshots {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  async put(name: string, json: string): Promise<void> {
    const command = new PutObjectCommand({
      ...{ Bucket: this.#bucket, Key: `live/${name}.json`, Body: json },
      ...{ ContentType: 'application/json', CacheControl: 'no-store' },
    });
    // All its attempts: what comes later than that would replace a newer one.
    await this.#client.send(command, { abortSignal: AbortSignal.timeout(publishTimeoutMs) });
  }
}
