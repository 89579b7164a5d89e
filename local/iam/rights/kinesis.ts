import type { Right } from '../policy/request.ts';
import { arnOf, NO_RESOURCE, type Scope } from './scope.ts';

/**
 * Service Authorization Reference, Kinesis Data Streams: the action is called like the operation, the resource is the
 * stream. A call with an iterator need not name its stream, and only Kinesis can read it from the iterator: it is allowed
 * where reading some stream is.
 */
export function kinesisRights(
  operation: string,
  { StreamName, StreamARN, ShardIterator }: Readonly<Record<string, unknown>>,
  scope: Scope,
): Right[] {
  const action = `kinesis:${operation}`;
  const named = [
    ...(typeof StreamARN === 'string' ? [StreamARN] : []),
    ...(typeof StreamName === 'string' ? [arnOf('kinesis', scope, `stream/${StreamName}`)] : []),
  ];
  // Where both are there, whichever the service goes by.
  if (named.length > 0) return named.map((resource) => ({ action, resource }));
  if (ShardIterator !== undefined) {
    return [{ action, resource: arnOf('kinesis', scope, 'stream/*'), isPattern: true }];
  }
  return [{ action, resource: NO_RESOURCE }];
}
