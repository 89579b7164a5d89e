import { createHash } from 'node:crypto';
import type { S3Client } from '@aws-sdk/client-s3';
import { GetObjectCommand, NoSuchKey, PutObjectCommand } from '@aws-sdk/client-s3';
import * as z from 'zod/mini';
import { mapBounded } from '../batch/map-bounded.ts';
import { requestTimeoutMs } from '../contract/waiting.ts';
import { type Block, blockIn, blockRefSchema, nameOf } from '../core/block.ts';
import type { Blocks, BlockWriter, SheetWriter } from '../ports/ports.ts';

const blockNamesSchema = z.array(blockRefSchema);

/** @returns undefined for what is no list, though its name is right: somebody put it there */
function parseBlockNames(text: string): string[] | undefined {
  try {
    return blockNamesSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

const bytesPerSecond = 2_000_000;

/** A sheet may have 100 MB: what a call may take, and a second for each 2 MB more. @returns ms */
export function putTimeoutOf(bytes: number): number {
  return requestTimeoutMs + Math.ceil((1_000 * bytes) / bytesPerSecond);
}

const readsInFlight = 32;
/** A block has up to 1 MB. */
const blocksRemembered = 32;

/** Blocks: the entries of a batch. Lists: what outgrows an item of a table. Sheets: all that a draw was made of. */
export type Folder = 'blocks' | 'lists' | 'sheets';

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

  /** @param text UTF-8, where it is bytes */
  async put(name: string, text: string | Buffer): Promise<void> {
    await this.#client.send(
      new PutObjectCommand({
        ...{ Bucket: this.#bucket, Key: this.#key(name) },
        Body: text,
        ContentType: this.#folder === 'sheets' ? 'application/jsonl' : 'application/json',
      }),
      { requestTimeout: putTimeoutOf(Buffer.byteLength(text)) },
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

/** The sheets of the draws bucket, for who draws. */
export class BucketSheets implements SheetWriter {
  readonly #bucket: ContentBucket;

  constructor(client: S3Client, bucket: string) {
    this.#bucket = new ContentBucket(client, bucket, 'sheets');
  }

  async put(lines: readonly Buffer[]): Promise<string> {
    const hash = createHash('sha256');
    for (const line of lines) hash.update(line);
    const name = hash.digest('hex');
    await this.#bucket.put(name, Buffer.concat(lines));
    return name;
  }
}

/** The blocks of the draws bucket, for who draws. */
export class BucketBlocks implements Blocks {
  readonly #bucket: ContentBucket;
  readonly #lists: ContentBucket;
  /** The last ones: a batch of clicks on many lotteries is one block of many draws. */
  readonly #recent = new Map<string, Promise<Block | undefined>>();

  constructor(client: S3Client, bucket: string) {
    this.#bucket = new ContentBucket(client, bucket, 'blocks');
    this.#lists = new ContentBucket(client, bucket, 'lists');
  }

  async listed(list: string): Promise<readonly string[] | undefined> {
    const text = await this.#lists.get(list);
    return text === undefined ? undefined : parseBlockNames(text);
  }

  async read(names: readonly string[]): Promise<Map<string, Block>> {
    const blocks = await mapBounded(readsInFlight, names, async (name) => {
      const block = await this.#blockOf(name);
      return block === undefined ? [] : [[name, block] as const];
    });
    return new Map(blocks.flat());
  }

  #blockOf(name: string): Promise<Block | undefined> {
    const known = this.#recent.get(name);
    if (known !== undefined) return known;
    const [oldest] = this.#recent.keys();
    if (this.#recent.size >= blocksRemembered && oldest !== undefined) this.#recent.delete(oldest);
    const reading = this.#bucket.get(name).then((text) => (text === undefined ? undefined : blockIn(text)));
    this.#recent.set(name, reading);
    // What is there is never another one. What is not may be put back.
    const forget = () => this.#recent.delete(name);
    reading.then((block) => {
      if (block === undefined) forget();
    }, forget);
    return reading;
  }
}
