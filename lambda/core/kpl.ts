import { isUtf8 } from 'node:buffer';
import { hash } from 'node:crypto';

/**
 * The aggregated records of the Kinesis Producer Library: many events with their partition keys in one record, as a magic
 * number, a protobuf message and the MD5 of that message.
 *
 *     message AggregatedRecord {
 *       repeated string partition_key_table = 1;
 *       repeated string explicit_hash_key_table = 2;
 *       repeated Record records = 3;
 *     }
 *     message Record {
 *       required uint64 partition_key_index = 1;
 *       optional uint64 explicit_hash_key_index = 2;
 *       required bytes data = 3;
 *       repeated Tag tags = 4;
 *     }
 */

const magic = Buffer.from([0xf3, 0x89, 0x9a, 0xc2]);
const digestBytes = 16;

/** A partition key of Kinesis has 1 to 256 characters. */
export const maximumKeyLength = 256;

/** What fits in 1 MiB, the most that the library makes: of the shortest clicks 15,000. */
export const maximumAggregated = 20_000;

export interface AggregatedEvent {
  /** Empty where it is not UTF-8 of 1 to 256 characters: every event under it may bring it back, in its rejection. */
  readonly partitionKey: string;
  readonly data: Buffer;
}

/** Whether a record says of itself that it is aggregated: no text in UTF-8 begins so. */
export function isAggregate(data: Uint8Array): boolean {
  return magic.every((byte, index) => data[index] === byte);
}

/**
 * Never throws.
 * @param data begins as an aggregated record does
 * @returns its events in order, parts of `data` and no copies; or what is wrong with it, where nothing of it can be used
 */
export function readAggregate(data: Buffer): readonly AggregatedEvent[] | string {
  const end = data.length - digestBytes;
  if (end < magic.length) return 'it is cut off before its checksum';
  const message = data.subarray(magic.length, end);
  if (!hash('md5', message, 'buffer').equals(data.subarray(end)))
    return 'its MD5 checksum is not that of its contents';
  try {
    return eventsOf(new Fields(message));
  } catch (error) {
    if (error instanceof Malformed) return error.message;
    throw error;
  }
}

class Malformed extends Error {}

interface Entry {
  readonly keyIndex: number;
  readonly hashKeyIndex: number;
  readonly data: Buffer;
}

function eventsOf(fields: Fields): AggregatedEvent[] {
  const keys: string[] = [];
  let hashKeys = 0;
  const entries: Entry[] = [];
  while (fields.next()) {
    if (fields.number === 1) keys.push(keyOf(fields.bytes()));
    else if (fields.number === 2) hashKeys += fields.bytes() ? 1 : 0;
    else if (fields.number === 3) entries.push(entryOf(fields.message(), entries.length));
    else fields.skip();
  }
  if (entries.length === 0) throw new Malformed('it holds no event');
  return entries.map(({ keyIndex, hashKeyIndex, data }, index): AggregatedEvent => {
    const partitionKey = keys[keyIndex];
    // The tables may lie behind the records. The hash key itself decides nothing: the event is where it is.
    if (partitionKey === undefined || hashKeyIndex >= hashKeys)
      throw new Malformed(`the key of its event ${index} is not in its table`);
    return { partitionKey, data };
  });
}

function keyOf(bytes: Buffer): string {
  const key = isUtf8(bytes) ? bytes.toString('utf8') : '';
  return key.length > maximumKeyLength ? '' : key;
}

function entryOf(fields: Fields, index: number): Entry {
  if (index >= maximumAggregated) throw new Malformed(`it holds more than ${maximumAggregated} events`);
  let keyIndex: number | undefined;
  let hashKeyIndex = -1;
  let data: Buffer | undefined;
  while (fields.next()) {
    if (fields.number === 1) keyIndex = fields.varint();
    else if (fields.number === 2) hashKeyIndex = fields.varint();
    else if (fields.number === 3) data = fields.bytes();
    else fields.skip();
  }
  if (keyIndex === undefined) throw new Malformed(`its event ${index} has no partition key`);
  if (data === undefined) throw new Malformed(`its event ${index} has no data`);
  return { keyIndex, hashKeyIndex, data };
}

/** Goes through the fields of a protobuf message. Numbers above 2^53 are inexact: they are larger than any length or index. */
class Fields {
  number = 0;
  // No private names: to define those costs more than to read a field (as in batch/kinesis-source.ts).
  private readonly of: Buffer;
  private at: number;
  private readonly end: number;
  private wireType = 0;

  /** Of the bytes from `start` to before `end`. */
  constructor(bytes: Buffer, start = 0, end = bytes.length) {
    this.of = bytes;
    this.at = start;
    this.end = end;
  }

  /** @returns whether there is another field: then it has to be read, or skipped */
  next(): boolean {
    if (this.at === this.end) return false;
    const tag = this.nextNumber();
    this.number = Math.floor(tag / 8);
    this.wireType = tag % 8;
    return true;
  }

  varint(): number {
    if (this.wireType !== 0) throw this.unexpected();
    return this.nextNumber();
  }

  bytes(): Buffer {
    if (this.wireType !== 2) throw this.unexpected();
    const end = this.endOf(this.nextNumber());
    const bytes = this.of.subarray(this.at, end);
    this.at = end;
    return bytes;
  }

  message(): Fields {
    if (this.wireType !== 2) throw this.unexpected();
    const end = this.endOf(this.nextNumber());
    const fields = new Fields(this.of, this.at, end);
    this.at = end;
    return fields;
  }

  /** A field that is not known here: a newer library may have it. */
  skip(): void {
    if (this.wireType === 0) this.nextNumber();
    else if (this.wireType === 1) this.at = this.endOf(8);
    else if (this.wireType === 2) this.at = this.endOf(this.nextNumber());
    else if (this.wireType === 5) this.at = this.endOf(4);
    else throw this.unexpected();
  }

  private nextNumber(): number {
    let value = 0;
    let scale = 1;
    // Ten bytes hold 64 bits.
    for (let count = 0; count < 10; count += 1) {
      const byte = this.of[this.at];
      if (byte === undefined || this.at >= this.end) throw cutOff();
      this.at += 1;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 0x80;
    }
    throw new Malformed('a number in it does not end');
  }

  /** @returns where so many bytes from here end */
  private endOf(length: number): number {
    if (length > this.end - this.at) throw cutOff();
    return this.at + length;
  }

  private unexpected(): Malformed {
    return new Malformed(`its field ${this.number} is of another type`);
  }
}

function cutOff(): Malformed {
  return new Malformed('it ends within an event or key');
}

/** One aggregated record of all of them, with each partition key once. */
export function writeAggregate(
  events: readonly { readonly partitionKey: string; readonly data: Uint8Array }[],
): Buffer {
  const indices = new Map<string, number>();
  for (const { partitionKey } of events)
    if (!indices.has(partitionKey)) indices.set(partitionKey, indices.size);
  const message = Buffer.concat([
    ...[...indices.keys()].map((key) => field(1, Buffer.from(key))),
    ...events.map(({ partitionKey, data }) =>
      field(3, Buffer.concat([Buffer.of(8), varint(indices.get(partitionKey) ?? 0), field(3, data)])),
    ),
  ]);
  return Buffer.concat([magic, message, hash('md5', message, 'buffer')]);
}

function field(number: number, bytes: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(number * 8 + 2), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return Buffer.of(...bytes, rest);
}
