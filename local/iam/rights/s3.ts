import type { AwsCall } from '../../proxy/aws-call.ts';
import type { Right } from '../policy/request.ts';
import { deletedKeys } from './s3-deletions.ts';
import { NO_RESOURCE } from './scope.ts';

/** Parameters of a query that say nothing of what the request is. */
const plain = new Set([
  'x-id',
  'list-type',
  'prefix',
  'delimiter',
  'max-keys',
  'start-after',
  'continuation-token',
  'fetch-owner',
  'encoding-type',
  'marker',
]);

/** Of a presigned URL, headers that came into it among them: but not what makes it a copy. */
const ofSignature = /^x-amz-(?!copy-source|rename-source)/i;
/** Which part of an object is read, and with which headers. */
const ofAnswer = /^(partNumber|response-[a-z-]+)$/;

/** By method and the parameter that makes it another operation (S3 User Guide, Required permissions for S3 API operations). */
const objectActions: Readonly<Record<string, string>> = {
  GET: 'GetObject',
  HEAD: 'GetObject',
  PUT: 'PutObject',
  DELETE: 'DeleteObject',
  'GET versionId': 'GetObjectVersion',
  'HEAD versionId': 'GetObjectVersion',
  'DELETE versionId': 'DeleteObjectVersion',
  'POST uploads': 'PutObject',
  'PUT partNumber': 'PutObject',
  'POST uploadId': 'PutObject',
  'GET uploadId': 'ListMultipartUploadParts',
  'DELETE uploadId': 'AbortMultipartUpload',
};
const bucketActions: Readonly<Record<string, string>> = {
  GET: 'ListBucket',
  HEAD: 'ListBucket',
  PUT: 'CreateBucket',
  DELETE: 'DeleteBucket',
  'GET versions': 'ListBucketVersions',
  'GET uploads': 'ListBucketMultipartUploads',
  'GET location': 'GetBucketLocation',
};

type Request = Pick<AwsCall, 'method' | 'path' | 'headers' | 'body'>;

/**
 * What a request of S3 takes, its bucket in the path or in the name of the host. One that is not listed here has an action
 * that no policy names, so that only `s3:*` allows it.
 */
export function s3Rights(call: Request): Right[] {
  const { method, path, headers } = call;
  const [place = '', query] = `${hostBucket(headers)}${path}`.split(/[?#](.*)/s);
  const [bucket = '', ...rest] = place.slice(1).split('/').map(decoded);
  const key = rest.join('/');
  if (bucket === '') return [{ action: 's3:ListAllMyBuckets', resource: NO_RESOURCE }];
  const isForm = headers['content-type']?.toLowerCase().includes('multipart/form-data');
  // A form has its key in its fields.
  const operation = isForm ? `${method} form` : operationOf(method, [...new URLSearchParams(query).keys()]);
  const bucketArn = `arn:aws:s3:::${bucket}`;
  const name = (key === '' ? bucketActions : objectActions)[operation] ?? `(${operation})`;
  const right = { action: `s3:${name}`, resource: key === '' ? bucketArn : `${bucketArn}/${key}` };
  if (method === 'POST') {
    const deletions = deletedKeys(call).map((each) => ({
      ...{ action: 's3:DeleteObject', resource: `${bucketArn}/${each}` },
    }));
    // The engine deletes what a body lists whatever else a call says.
    return operation === 'POST delete' && deletions.length > 0 ? deletions : [right, ...deletions];
  }
  const source = headers['x-amz-copy-source'];
  return typeof source === 'string' ? [right, copied(source)] : [right];
}

/**
 * What it takes to be told that an object is not there: who may not list the bucket is refused it as one that he may not read
 * (S3 API reference, GetObject and HeadObject).
 *
 * @returns undefined for a request that is none of the two
 */
export function absenceRight(call: Request): Right | undefined {
  const isRead = call.method === 'GET' || call.method === 'HEAD';
  const [right] = isRead ? s3Rights(call) : [];
  if (right?.action !== 's3:GetObject') return undefined;
  return { action: 's3:ListBucket', resource: right.resource.split('/', 1)[0] ?? '' };
}

/**
 * `/bucket` where the host names one (`bucket.localhost`), as the engine finds it: the part before the first dot, but not of
 * an address, and not of what it takes for a call of SQS.
 */
export function hostBucket({ host = '', 'content-type': type = '' }: AwsCall['headers']): string {
  const [name = ''] = host.split(':');
  const isOfQueue = type.includes('x-www-form-urlencoded') || type.includes('x-amz-json-1.0');
  if (!name.includes('.') || /^\d+\.\d+\.\d+\.\d+$/.test(name) || isOfQueue) return '';
  return `/${name.slice(0, name.indexOf('.'))}`;
}

/** `PUT` alone, or with the parameter that makes it something else. */
function operationOf(method: string, parameters: readonly string[]): string {
  const reads = method === 'GET' || method === 'HEAD';
  const [special] = parameters
    .filter((name) => !plain.has(name) && !ofSignature.test(name) && !(reads && ofAnswer.test(name)))
    .sort();
  return special === undefined ? method : `${method} ${special}`;
}

/** A copy reads what it copies: `/bucket/key`, with or without the first slash. */
function copied(source: string): Right {
  const [path = '', version] = decoded(source).replace(/^\//, '').split('?versionId=');
  return {
    action: version === undefined ? 's3:GetObject' : 's3:GetObjectVersion',
    resource: `arn:aws:s3:::${path}`,
  };
}

/** As it is, where it is not encoded well: the engine finds nothing there. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
