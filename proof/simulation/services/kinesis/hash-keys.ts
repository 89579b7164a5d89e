import { hash } from 'node:crypto';
import { ServiceError } from '../errors.ts';

/**
 * Hash keys are numbers of 128 bits. Here they are 32 hexadecimal digits, whose order as text is their order as
 * numbers, and which MD5 gives as they are; on the wire they are decimals.
 */
export type HashKey = string;

/** Both ends inclusive. */
export interface HashKeyRange {
  readonly start: HashKey;
  readonly end: HashKey;
}

const DIGITS = 32;
const KEYS = 1n << 128n;

export function hashKeyOf(partitionKey: string): HashKey {
  return hash('md5', partitionKey, 'hex');
}

export function toHashKey(key: bigint): HashKey {
  return key.toString(16).padStart(DIGITS, '0');
}

export function toNumber(key: HashKey): bigint {
  return BigInt(`0x${key}`);
}

/** @throws ServiceError when it is no decimal of 128 bits */
export function parseHashKey(decimal: string): HashKey {
  if (!/^(0|[1-9]\d{0,38})$/.test(decimal) || BigInt(decimal) >= KEYS) {
    throw new ServiceError('InvalidArgumentException', `${decimal} is no hash key`);
  }
  return toHashKey(BigInt(decimal));
}

/** The ranges of a new stream's shards: all keys, in equal parts. */
export function evenRanges(count: number): HashKeyRange[] {
  const border = (index: number) => (KEYS * BigInt(index)) / BigInt(count);
  return Array.from({ length: count }, (_, index) => ({
    start: toHashKey(border(index)),
    end: toHashKey(border(index + 1) - 1n),
  }));
}

export function rangeJson({ start, end }: HashKeyRange) {
  return { StartingHashKey: toNumber(start).toString(), EndingHashKey: toNumber(end).toString() };
}
