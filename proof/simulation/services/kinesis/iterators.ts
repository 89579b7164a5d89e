import { ServiceError } from '../errors.ts';

/** Where a read goes on. On the wire it is a text that says nothing to a client. */
export interface Iterator {
  readonly stream: string;
  readonly shardId: string;
  readonly position: number;
  /** When it was made, ms. */
  readonly issuedAt: number;
}

/** Kinesis API reference, GetShardIterator and ListShards: a token expires after 5 minutes. */
export const TOKEN_LIFE_MS = 300_000;

export function iteratorText({ stream, shardId, position, issuedAt }: Iterator): string {
  return `${shardId}/${position}/${issuedAt}/${stream}`;
}

/** @throws ServiceError when it is none, or has expired */
export function parseIterator(text: string, now: number): Iterator {
  const [shardId = '', position = '', issued = '', stream = ''] = text.split('/');
  const issuedAt = Number(issued);
  if (stream === '' || !Number.isSafeInteger(issuedAt)) {
    throw new ServiceError('InvalidArgumentException', 'Invalid ShardIterator.');
  }
  if (now - issuedAt > TOKEN_LIFE_MS) {
    throw new ServiceError(
      'ExpiredIteratorException',
      `Iterator expired. The iterator was created at ${issuedAt} while right now it is ${now}, which is more than 5 minutes later`,
    );
  }
  return { stream, shardId, position: Number(position), issuedAt };
}
