import type { IncomingHttpHeaders } from 'node:http';

/** One call of an AWS API, seen between the caller and the engine. */
export interface AwsCall {
  /** `kinesis`, `dynamodb`, `sqs` or `s3`: as in the credential scope of the signature. */
  service: string;
  /** `PutRecords` and so on; the method and path for S3, which has no operation names on the wire. */
  operation: string;
  /** Access key id of the caller: the id of an execution environment (`my-function.1`), or the runtime's own. */
  caller: string;
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export interface AwsAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/**
 * Stands between the callers and the engines. It may answer instead of the engine, let the call through more
 * than once, change the answer, or do something before or after.
 * @param forward sends the call to the engine; without an argument, as it came.
 * @returns the answer for the caller, or `'disconnect'`: the caller's connection is closed without one.
 */
export type Interceptor = (
  call: AwsCall,
  forward: (changed?: AwsCall) => Promise<AwsAnswer>,
) => Promise<AwsAnswer | 'disconnect'>;

/** An interceptor that always answers, as a service does: others may stand between the callers and it. */
export type Guard = (call: AwsCall, forward: (changed?: AwsCall) => Promise<AwsAnswer>) => Promise<AwsAnswer>;

/** The interceptor, if there is one, and behind it the guard. */
export function guarded(interceptor: Interceptor | undefined, guard: Guard): Interceptor {
  if (interceptor === undefined) return guard;
  return (call, forward) =>
    interceptor(call, (seen = call) => guard(seen, (changed = seen) => forward(changed)));
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html */
const CREDENTIAL = /Credential=([^/]+)\/\d{8}\/[^/]+\/([^/]+)\//;

/** The signature's scope: in its header, or in a presigned URL. */
function scopeOf({ path, headers: { authorization } }: Pick<AwsCall, 'path' | 'headers'>): string {
  if (authorization !== undefined) return authorization;
  const presigned = new URLSearchParams(path.split('?', 2)[1]).get('X-Amz-Credential');
  return presigned === null ? '' : `Credential=${presigned}`;
}

/**
 * Reads what a request says about itself: the target header of the JSON protocols, and the signature's scope. A call
 * without a signature has the empty caller.
 */
export function describeCall(request: Pick<AwsCall, 'method' | 'path' | 'headers' | 'body'>): AwsCall {
  const { 'x-amz-target': target } = request.headers;
  const [, caller = '', service = ''] = CREDENTIAL.exec(scopeOf(request)) ?? [];
  const operation = typeof target === 'string' ? target.slice(target.lastIndexOf('.') + 1) : undefined;
  return { ...request, caller, service, operation: operation ?? `${request.method} ${request.path}` };
}

/** An error as the services answer it (JSON protocols): `ProvisionedThroughputExceededException` and so on. */
export function errorAnswer(status: number, type: string, message: string): AwsAnswer {
  return {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.1' },
    body: Buffer.from(JSON.stringify({ __type: type, message })),
  };
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** An error as S3 answers it: `SlowDown` and so on. */
export function xmlErrorAnswer(status: number, code: string, message: string): AwsAnswer {
  const text = message.replace(/[&<>]/g, (sign) => entities[sign] ?? sign);
  const error = `<Error><Code>${code}</Code><Message>${text}</Message></Error>`;
  return {
    status,
    headers: { 'content-type': 'application/xml' },
    body: Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>${error}`),
  };
}

/** Of bodies that were looked at on their way, and come to whom they are for in the same process. */
const parsed = new WeakMap<Buffer, unknown>();

/** @returns the body where it is a JSON object, else an empty one: what is no JSON the service itself refuses */
export function jsonBody({ body }: Pick<AwsCall, 'body'>): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    parsed.set(body, value);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

/**
 * The body for whoever keeps parts of it: parsed once, though `jsonBody` may have been there before, and never the same
 * objects a second time. @throws SyntaxError
 */
export function takeJsonBody(body: Buffer): unknown {
  const value: unknown = parsed.has(body) ? parsed.get(body) : JSON.parse(body.toString('utf8'));
  parsed.delete(body);
  return value;
}
