import * as z from 'zod/mini';

/** A lone surrogate has no UTF-8 form: two such texts would become one key in DynamoDB. */
export const wellFormed = z.refine<string>((text) => text.isWellFormed());

/**
 * An id of a lottery or a user as it is inside, a string: 1 to 384 bytes of UTF-8. That fits everywhere it goes
 * without another check: a key of DynamoDB takes 1 to 2048 bytes, a partition key of Kinesis 1 to 256 characters.
 */
export const innerIdSchema = z.string().check(z.minLength(1), z.maxLength(128), wellFormed);

/**
 * Ids of lotteries and users come as non-negative safe integers or as strings of 1 to 128 characters.
 * Inside, an id is a string, and `1` and `"1"` are the same one. On the way out, an id that reads as a safe
 * integer is a JSON number again, so that a consumer sees one form whatever the producer sent.
 */
export const idSchema = z.pipe(z.union([z.int().check(z.nonnegative()), innerIdSchema]), z.transform(String));

const canonicalInteger = /^(?:0|[1-9]\d{0,15})$/;

/** The JSON form of an id: a number where that is the same id, else the string. */
export function idToWire(id: string): number | string {
  return canonicalInteger.test(id) && Number.isSafeInteger(Number(id)) ? Number(id) : id;
}

/**
 * Where an event came from: "<shardId>:<sequenceNumber>", the `eventID` that Lambda gives a Kinesis record, and
 * "<shardId>:<sequenceNumber>:<index>" of one in an aggregated record, also of a lone one. It is unique in its stream and is
 * the same at every delivery. An accepted click's record id is its entry id.
 */
export interface SourcePosition extends RecordPlace {
  readonly shardId: string;
  /** The record id itself, where it is at hand. */
  readonly recordId?: string;
}

/** A place in a shard. */
export interface RecordPlace {
  readonly sequenceNumber: string;
  /** Its place in an aggregated record, of all that are in there, from 0. */
  readonly index?: number;
}

export function recordIdOf({ recordId, shardId, sequenceNumber, index }: SourcePosition): string {
  if (recordId !== undefined) return recordId;
  return index === undefined ? `${shardId}:${sequenceNumber}` : `${shardId}:${sequenceNumber}:${index}`;
}

/** A record id as text, of an accepted click (an entry). It becomes a part of keys in the tables of draws and refunds. */
export const entryIdSchema = z
  .string()
  .check(z.regex(/^[\w.-]{0,127}[\w-]:\d{1,60}(?::(?:0|[1-9]\d{0,6}))?$/));

/** Sequence numbers are decimals of up to 186 bits: they compare by length, then as text; a double would round them. */
export function compareSequenceNumbers(left: string, right: string): number {
  if (left.length !== right.length) return left.length - right.length;
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
