import type { AwsAnswer, AwsCall } from '../../../../local/proxy/aws-call.ts';
import { NotEmulatedError } from '../errors.ts';
import type { Settings } from '../options.ts';
import { Bucket, type StoredObject } from './bucket.ts';
import { type Content, xml } from './xml.ts';

/** S3 API reference, ListObjectsV2. */
const KEYS_OF_A_PAGE = 1_000;

/** Parameters of a query that change nothing here: which operation it is, for who reads logs. */
const names = new Set(['x-id']);
const listParameters = new Set(['list-type', 'prefix', 'start-after', 'continuation-token', 'max-keys']);

interface Request {
  readonly bucket: string;
  readonly key: string;
  readonly query: ReadonlyMap<string, string>;
}

/** S3, as far as the system uses it: buckets by their path, objects as wholes. */
export class S3 {
  readonly #now: () => number;
  readonly #buckets = new Map<string, Bucket>();

  constructor({ now }: Settings) {
    this.#now = now;
  }

  /** @throws NotEmulatedError */
  answer(call: AwsCall): AwsAnswer {
    const request = parse(call.path);
    if (request.bucket === '') return this.#list(call, request);
    if (request.key === '') return this.#answerForBucket(call, request);
    const bucket = this.#buckets.get(request.bucket);
    return bucket === undefined ? noBucket() : this.#answerForObject(call, request, bucket);
  }

  /** The objects of a bucket, in the order of their keys. @throws Error when there is no such bucket */
  objects(name: string): StoredObject[] {
    const bucket = this.#buckets.get(name);
    if (bucket === undefined) throw new Error(`There is no bucket ${name}`);
    return bucket.objects;
  }

  #list(call: AwsCall, { query }: Request): AwsAnswer {
    expect(call, query, 'GET');
    const buckets = [...this.#buckets.values()].map(({ name, createdAt }) => ({
      Name: name,
      CreationDate: new Date(createdAt).toISOString(),
    }));
    return answer(200, xml('ListAllMyBucketsResult', { Buckets: { Bucket: buckets } }));
  }

  #answerForBucket(call: AwsCall, { bucket: name, query }: Request): AwsAnswer {
    if (call.method === 'PUT') {
      expect(call, query, 'PUT');
      // Creating one's own bucket again succeeds, as in us-east-1.
      if (!this.#buckets.has(name)) this.#buckets.set(name, new Bucket(name, this.#now()));
      return { status: 200, headers: { location: `/${name}` }, body: Buffer.alloc(0) };
    }
    expect(call, query, 'GET', listParameters);
    if (query.get('list-type') !== '2') throw new NotEmulatedError(`${call.method} ${call.path} of s3`);
    const bucket = this.#buckets.get(name);
    return bucket === undefined ? noBucket() : answer(200, xml('ListBucketResult', listing(bucket, query)));
  }

  #answerForObject(call: AwsCall, { key, query }: Request, bucket: Bucket): AwsAnswer {
    switch (call.method) {
      case 'PUT': {
        expect(call, query, 'PUT');
        const { etag } = bucket.put(key, Buffer.from(call.body), this.#now());
        return { status: 200, headers: { etag }, body: Buffer.alloc(0) };
      }
      case 'GET': {
        expect(call, query, 'GET');
        const object = bucket.get(key);
        if (object === undefined) return refusal(404, 'NoSuchKey', 'The specified key does not exist.');
        return { status: 200, headers: headersOf(object), body: object.body };
      }
      case 'DELETE':
        expect(call, query, 'DELETE');
        bucket.delete(key);
        return { status: 204, headers: {}, body: Buffer.alloc(0) };
      default:
        throw new NotEmulatedError(`${call.operation} of s3`);
    }
  }
}

/** @throws NotEmulatedError for another method, or a parameter that is not known */
function expect(
  { method, operation }: AwsCall,
  query: Request['query'],
  expected: string,
  known: ReadonlySet<string> = names,
): void {
  const unknown = [...query.keys()].find((name) => !known.has(name) && !names.has(name));
  if (method !== expected || unknown !== undefined) {
    throw new NotEmulatedError(`${unknown === undefined ? '' : `${unknown} in `}${operation} of s3`);
  }
}

function parse(path: string): Request {
  const [place = '', query = ''] = path.split('?');
  const [bucket = '', ...rest] = place.slice(1).split('/').map(decodeURIComponent);
  return { bucket, key: rest.join('/'), query: new Map(new URLSearchParams(query)) };
}

function listing(bucket: Bucket, query: Request['query']): Content {
  const prefix = query.get('prefix') ?? '';
  const most = Math.min(Number(query.get('max-keys') ?? KEYS_OF_A_PAGE), KEYS_OF_A_PAGE);
  const after = query.get('continuation-token') ?? query.get('start-after') ?? '';
  const { objects, next } = bucket.list(prefix, after, most);
  return {
    Name: bucket.name,
    Prefix: prefix,
    KeyCount: objects.length,
    MaxKeys: most,
    IsTruncated: next !== undefined,
    ...(next !== undefined && { NextContinuationToken: next }),
    Contents: objects.map(({ key, body, modifiedAt, etag }) => ({
      Key: key,
      LastModified: new Date(modifiedAt).toISOString(),
      ETag: etag,
      Size: body.length,
      StorageClass: 'STANDARD',
    })),
  };
}

function headersOf({ body, etag, modifiedAt }: StoredObject) {
  return {
    'content-length': String(body.length),
    etag,
    'last-modified': new Date(modifiedAt).toUTCString(),
  };
}

function answer(status: number, body: Buffer): AwsAnswer {
  return { status, headers: { 'content-type': 'application/xml' }, body };
}

function noBucket(): AwsAnswer {
  return refusal(404, 'NoSuchBucket', 'The specified bucket does not exist');
}

function refusal(status: number, Code: string, Message: string): AwsAnswer {
  return answer(status, xml('Error', { Code, Message }));
}
