import type { S3Client } from '@aws-sdk/client-s3';
import { GetObjectCommand, NoSuchKey, PutObjectCommand } from '@aws-sdk/client-s3';
import { mapBounded } from '../batch/map-bounded.ts';
import { type Block, nameOf, parseBlock } from '../core/block.ts';
import type { Blocks, BlockWriter } from '../ports/ports.ts';

const readsInFlight = 32;

/** Blocks: the entries of a batch. Lists: what outgrows an item of a table. */
export type Folder = 'blocks' | 'lists';

/** One folder of the draws bucket: texts under the hashes of their contents. */
export class ContentBucket implements BlockWriter {
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #folder: Folder;

  constructor(client: S3Client, bucket: string, folder: Folder) {
    this.#client = client;
    this.#bucket = bucket;
    this.#folder = folder;
  }

  async put(name: string, text: string): Promise<void> {
    await this.#client.send(
      new PutObjectCommand({
        ...{ Bucket: this.#bucket, Key: this.#key(name) },
        Body: text,
        ContentType: 'application/json',
      }),
    );
  }

  /** @returns undefined where there is none, or its contents are not those that its name says */
  async get(name: string): Promise<string | undefined> {
    const command = new GetObjectCommand({ Bucket: this.#bucket, Key: this.#key(name) });
    try {
      const { Body } = await this.#client.send(command);
      const text = (await Body?.transformToString()) ?? '';
      return nameOf(text) === name ? text : undefined;
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  }

  #key(name: string): string {
    return `${this.#folder}/${name}`;
  }
}

/** The blocks of the draws bucket, for who draws. */
export class BucketBlocks implements Blocks {
  readonly #bucket: ContentBucket;

  constructor(client: S3Client, bucket: string) {
    this.#bucket = new ContentBucket(client, bucket, 'blocks');
  }

  async read(names: readonly string[]): Promise<Map<string, Block>> {
    const blocks = await mapBounded(readsInFlight, names, async (name) => {
      const text = await this.#bucket.get(name);
      return text === undefined ? [] : [[name, parseBlock(text)] as const];
    });
    return new Map(blocks.flat());
  }
}
