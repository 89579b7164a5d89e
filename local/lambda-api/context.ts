import type { EventSourceMapping } from '../event-source-mapping/index.ts';
import type { LimitedHost } from '../limited-host.ts';
import type { HostedFunction } from '../runtime-options.ts';
import { notFound } from './http-error.ts';

/** A function whose concurrency can be reserved. */
export interface LimitedFunction extends HostedFunction {
  host: LimitedHost;
}

/** What the API speaks about. */
export interface LambdaApiContext {
  region: string;
  accountId: string;
  /** By function name. */
  functions: ReadonlyMap<string, LimitedFunction>;
  /** By function name. */
  mappings: ReadonlyMap<string, readonly EventSourceMapping[]>;
}

export interface ApiRequest {
  method: string;
  /** Path segments after the API's version, decoded. */
  path: readonly string[];
  query: URLSearchParams;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Buffer;
}

export interface ApiAnswer {
  status: number;
  headers?: Readonly<Record<string, string>>;
  /** JSON text. */
  body?: string;
}

export function functionArn({ region, accountId }: LambdaApiContext, name: string): string {
  return `arn:aws:lambda:${region}:${accountId}:function:${name}`;
}

/** A function by its name, its ARN or `<account>:function:<name>`, with or without `$LATEST`. @throws ApiError 404 */
export function functionNamed(
  context: LambdaApiContext,
  nameOrArn: string,
): { name: string; hosted: LimitedFunction } {
  const name = nameOrArn.replace(/^.*function:/, '').replace(/:\$LATEST$/, '');
  const hosted = context.functions.get(name);
  if (!hosted) throw notFound(`Function not found: ${functionArn(context, name)}`);
  return { name, hosted };
}
