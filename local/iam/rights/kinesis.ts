import type { Right } from '../policy/request.ts';
import { streamOfIterator } from './iterators.ts';
import { arnOf, NO_RESOURCE, type Scope } from './scope.ts';

/**
 * Service Authorization Reference, Kinesis Data Streams: the action is called like the operation, the resource is the
 * stream. GetRecords need not name its stream, which its iterator says; what is none of the engine's iterators takes no right,
 * as Kinesis refuses it. The rest of a list of shards goes by a token, which the engine never gives: the list's beginning
 * has taken the right.
 */
export function kinesisRights(
  operation: string,
  { StreamName, StreamARN, ShardIterator, NextToken }: Readonly<Record<string, unknown>>,
  scope: Scope,
): Right[] {
  const action = `kinesis:${operation}`;
  const named = [
    ...(typeof StreamARN === 'string' ? [StreamARN] : []),
    ...[StreamName, operation === 'GetRecords' ? streamIn(ShardIterator) : undefined]
      .filter((name) => typeof name === 'string')
      .map((name) => arnOf('kinesis', scope, `stream/${name}`)),
  ];
  // Where several are there, whichever the service goes by.
  if (named.length > 0) return named.map((resource) => ({ action, resource }));
  const goesBy = { GetRecords: ShardIterator, ListShards: NextToken }[operation];
  return goesBy === undefined ? [{ action, resource: NO_RESOURCE }] : [];
}

function streamIn(iterator: unknown): string | undefined {
  return typeof iterator === 'string' ? streamOfIterator(iterator) : undefined;
}
