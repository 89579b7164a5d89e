import { createHash } from 'node:crypto';
import type { InputRecord } from './streams.ts';

/** A record of an input stream as it lies there. */
export type StreamRecord = Omit<InputRecord, 'index' | 'refused'>;

const MAGIC = 'f3899ac2';
const MOST_EVENTS = 20_000;
const MOST_OF_KEY = 500;
/** Of an event on average: else those that have less are refused together. */
const LEAST_BYTES = 20;

/** The id that the record of an event has, alone or with its place in an aggregated one. */
export const idOf = ({ shardId, sequenceNumber, index }: Place): string =>
  [shardId, sequenceNumber, ...(index === undefined ? [] : [index])].join(':');
type Place = Pick<InputRecord, 'shardId' | 'sequenceNumber' | 'index'>;

/** Of an event's id that of its record. */
export const recordOf = (id: string): string => id.split(':', 2).join(':');

export const isAggregate = (data: Uint8Array): boolean =>
  Buffer.from(data.subarray(0, 4)).toString('hex') === MAGIC;

/** Else of a topic: nobody takes its records apart. */
const isOfStream = ({ shardId }: Place): boolean => shardId.startsWith('shardId-');

/** The events of a record: one, all of an aggregated one, or itself where that cannot be read. What its rules refuse, they say. */
export function eventsIn(record: StreamRecord): readonly InputRecord[] {
  if (!isOfStream(record) || !isAggregate(record.data)) return [record];
  const events = readAggregate(Buffer.from(record.data));
  if (!events) return [{ ...record, refused: 'INVALID_AGGREGATE' }];
  const counts = new Map<string, number>();
  const all = events.map(([partitionKey, data], index) => {
    const count = (counts.get(partitionKey) ?? 0) + 1;
    counts.set(partitionKey, count);
    const event = { ...record, partitionKey, data, index };
    if (partitionKey === '')
      return { ...event, partitionKey: record.partitionKey, refused: 'INVALID_AGGREGATE' };
    return count > MOST_OF_KEY ? { ...event, refused: 'TOO_MANY_IN_RECORD' } : event;
  });
  const bytes = events.reduce((sum, [, data]) => sum + data.length, 0);
  if (bytes >= LEAST_BYTES * all.length) return all;
  const long = all.filter(({ data }) => data.length >= LEAST_BYTES);
  const short = Buffer.concat(events.flatMap(([, data]) => (data.length < LEAST_BYTES ? [data] : [])));
  return [...long, { ...record, data: short, refused: 'INVALID_AGGREGATE' }];
}

/** @returns key and bytes of each; undefined where anything is wrong */
function readAggregate(record: Buffer): [string, Buffer][] | undefined {
  const message = record.subarray(4, -16);
  const digest = createHash('md5').update(message).digest();
  const parts = record.length >= 20 && digest.equals(record.subarray(-16)) ? partsOf(message) : undefined;
  const bytesOf = (number: number) => parts?.filter((part) => part.number === number);
  const [keys, hashKeys, records] = [bytesOf(1), bytesOf(2), bytesOf(3)];
  const isRight = [keys, hashKeys, records].every((all) => all?.every(({ bytes }) => bytes));
  if (!isRight || !records?.length || records.length > MOST_EVENTS) return undefined;
  const texts = keys?.map(({ bytes }) => keyOf(bytes)) ?? [];
  const events = records.map(({ bytes = Buffer.of() }): [string, Buffer] | undefined => {
    const own = partsOf(bytes);
    // Of a field that is there twice the last one counts, and each must be of its kind.
    const last = (number: number) => own?.findLast((part) => part.number === number);
    const isKind = own?.every(({ number, value, bytes: data }) =>
      [1, 2].includes(number) ? value !== undefined : number !== 3 || data,
    );
    const key = texts[last(1)?.value ?? -1];
    const hashKey = last(2)?.value;
    const isThere = hashKey === undefined || hashKey < (hashKeys?.length ?? 0);
    const data = last(3)?.bytes;
    return isKind && isThere && key !== undefined && data ? [key, data] : undefined;
  });
  const all = events.flatMap((event) => (event ? [event] : []));
  return all.length === events.length ? all : undefined;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** Empty where it is no key. */
function keyOf(bytes: Buffer | undefined): string {
  try {
    const key = utf8.decode(bytes);
    return key.length <= 256 ? key : '';
  } catch {
    return '';
  }
}

/** With its number, or its bytes; with neither where its length is fixed: no field that is known here has such. */
type Part = { number: number; value: number | undefined; bytes: Buffer | undefined };

/** The fields of a protobuf message; undefined where it is none. */
function partsOf(message: Buffer): Part[] | undefined {
  const parts: Part[] = [];
  let rest = message;
  const varint = () => {
    const length = rest.findIndex((byte) => byte < 128) + 1;
    if (length < 1 || length > 10) return Number.NaN;
    const digits = [...rest.subarray(0, length)].map((byte) => byte % 128);
    rest = rest.subarray(length);
    return digits.reduceRight((sum, digit) => sum * 128 + digit, 0);
  };
  while (rest.length > 0) {
    const tag = varint();
    const [number, kind] = [Math.floor(tag / 8), tag % 8];
    const value = kind === 0 ? varint() : undefined;
    const length = { 0: 0, 1: 8, 2: kind === 2 ? varint() : 0, 5: 4 }[kind];
    if (Number.isNaN(value) || length === undefined || !(length <= rest.length)) return undefined;
    const bytes = kind === 2 ? rest.subarray(0, length) : undefined;
    rest = rest.subarray(length);
    parts.push({ number, value, bytes });
  }
  return parts;
}
