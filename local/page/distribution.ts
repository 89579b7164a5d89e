import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { GetObjectCommand, NoSuchKey, type S3Client } from '@aws-sdk/client-s3';

/** How one of the distribution's paths is served. */
export interface Behavior {
  /** `*` stands for any characters, `?` for one; the default behavior has `*`. */
  readonly pattern: string;
  readonly bucket: string;
  /** Added to each answer. */
  readonly headers: Readonly<Record<string, string>>;
  readonly isCompressed: boolean;
}

export interface DistributionDefinition {
  readonly defaultRootObject: string | undefined;
  /** In order of precedence, the default one last. */
  readonly behaviors: readonly Behavior[];
}

/** CloudFront compresses what is neither shorter nor longer (Developer Guide, "Serve compressed files"). */
const COMPRESSED_BYTES = { least: 1_000, most: 10_000_000 };
const COMPRESSED = /^(?:text\/|application\/(?:javascript|json|jsonl|wasm|xml)|image\/svg\+xml)/;

/** A distribution of CloudFront before buckets of S3, which nobody else reads: nothing is cached, and each GET asks the bucket. */
export class Distribution {
  #definition: DistributionDefinition | undefined;

  /** @throws Error where there is one already */
  define(definition: DistributionDefinition): void {
    if (this.#definition !== undefined) {
      throw new Error('is a second distribution: there is one port for one of them');
    }
    this.#definition = definition;
  }

  async serve(request: IncomingMessage, response: ServerResponse, s3: S3Client): Promise<void> {
    const path = pathOf(request);
    const behavior = this.#definition?.behaviors.find(({ pattern }) => matches(pattern, path));
    if (behavior === undefined) return refuse(response, 404, {});
    const { headers } = behavior;
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 403, headers);
    const key = path === '/' ? (this.#definition?.defaultRootObject ?? '') : keyOf(path);
    if (key === undefined || key === '') return refuse(response, 403, headers);
    try {
      const object = await s3.send(new GetObjectCommand({ Bucket: behavior.bucket, Key: key }));
      const bytes = Buffer.from((await object.Body?.transformToByteArray()) ?? []);
      const type = object.ContentType ?? 'binary/octet-stream';
      const isGzip = behavior.isCompressed && isCompressible(request, type, bytes.length);
      response.writeHead(200, {
        'content-type': type,
        ...(object.CacheControl !== undefined && { 'cache-control': object.CacheControl }),
        ...(object.ETag !== undefined && { etag: object.ETag }),
        ...(isGzip
          ? { 'content-encoding': 'gzip', vary: 'accept-encoding' }
          : { 'content-length': bytes.length }),
        ...headers,
      });
      if (request.method === 'HEAD') response.end();
      else if (isGzip) await compress(bytes, response);
      else response.end(bytes);
    } catch (error) {
      // Who may read objects but not list them is not told which are there (S3 API Reference, GetObject).
      if (error instanceof NoSuchKey) return refuse(response, 403, headers);
      throw error;
    }
  }
}

function compress(bytes: Buffer, response: ServerResponse): Promise<void> {
  return pipeline([bytes], createGzip(), response);
}

function isCompressible({ headers }: IncomingMessage, type: string, bytes: number): boolean {
  const { least, most } = COMPRESSED_BYTES;
  const isAsked = String(headers['accept-encoding'] ?? '').includes('gzip');
  return isAsked && COMPRESSED.test(type) && bytes >= least && bytes <= most;
}

function pathOf({ url = '/' }: IncomingMessage): string {
  return url.split('?')[0] ?? '/';
}

/** @returns undefined where the path is none */
function keyOf(path: string): string | undefined {
  try {
    return decodeURIComponent(path.slice(1));
  } catch {
    return undefined;
  }
}

function matches(pattern: string, path: string): boolean {
  const text = pattern.startsWith('/') || pattern === '*' ? pattern : `/${pattern}`;
  const parts = text.split(/([*?])/).map((part) => {
    if (part === '*') return '.*';
    return part === '?' ? '.' : part.replaceAll(/[\\^$.|+()[\]{}]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('')}$`, 's').test(path);
}

function refuse(response: ServerResponse, status: number, headers: Readonly<Record<string, string>>): void {
  const body =
    '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>';
  response.writeHead(status, { 'content-type': 'application/xml', ...headers });
  response.end(body);
}
