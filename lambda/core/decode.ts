import { isUtf8 } from 'node:buffer';
import { en } from 'zod/locales';
import * as z from 'zod/mini';
import type { LotteryEvent, UserEvent } from './events.ts';
import { lotteryEventSchemas, userEventSchemas } from './events.ts';
import type { SourcePosition } from './ids.ts';
import type { Rejection } from './reasons.ts';

/** Rejections say what is wrong with a field: the small build of zod, which keeps bundles small, has no words. */
z.config(en());

/** One record of a Kinesis batch, as the core sees it. */
export interface SourceRecord {
  readonly source: SourcePosition;
  readonly partitionKey: string;
  /** When the stream took the record, ms since the epoch. */
  readonly arrival: number;
  readonly data: Buffer;
  /** The same as text, where every byte is ASCII and someone has it at hand. */
  readonly ascii?: string | undefined;
}

/** An event that passed its schema, with the record that it came in and the JSON as it was sent. */
export interface SourcedEvent<Event> {
  readonly record: SourceRecord;
  readonly event: Event;
  readonly original: object;
}

export interface UndecodableRecord {
  readonly record: SourceRecord;
  readonly rejection: Rejection;
  /** The JSON object as it was sent; absent where the bytes are not one. */
  readonly original?: object;
}

export type Decoded<Event> = SourcedEvent<Event> | UndecodableRecord;

export function isDecoded<Event>(decoded: Decoded<Event>): decoded is SourcedEvent<Event> {
  return 'event' in decoded;
}

/** Never throws: whatever the bytes are, the answer is an event or a rejection that names the field. */
export function decodeUserRecord(record: SourceRecord): Decoded<UserEvent> {
  return decodeRecord<UserEvent>(record, userEventSchemas);
}

/** Never throws: whatever the bytes are, the answer is an event or a rejection that names the field. */
export function decodeLotteryRecord(record: SourceRecord): Decoded<LotteryEvent> {
  return decodeRecord<LotteryEvent>(record, lotteryEventSchemas);
}

type Schemas<Event extends { type: string }> = Readonly<Record<string, z.ZodMiniType<Event>>>;

function decodeRecord<Event extends { type: string }>(
  record: SourceRecord,
  schemas: Schemas<Event>,
): Decoded<Event> {
  const parsed = parseObject(record);
  if (typeof parsed === 'string') return { record, rejection: { reason: 'INVALID_JSON', message: parsed } };
  const { type } = parsed as { type?: unknown };
  const schema = typeof type === 'string' && Object.hasOwn(schemas, type) ? schemas[type] : undefined;
  if (schema === undefined) return { record, rejection: unknownType(type, schemas), original: parsed };
  const result = schema.safeParse(parsed);
  if (!result.success) return { record, rejection: invalidField(result.error), original: parsed };
  return new Sourced(record, result.data, parsed);
}

/** A class, and not a literal, which V8 would come to allocate as old, with all that it holds (docs/benchmarks.md). */
class Sourced<Event> implements SourcedEvent<Event> {
  readonly record: SourceRecord;
  readonly event: Event;
  readonly original: object;

  constructor(record: SourceRecord, event: Event, original: object) {
    this.record = record;
    this.event = event;
    this.original = original;
  }
}

/** The JSON object in the bytes, or a sentence that says why there is none. */
function parseObject(record: SourceRecord): object | string {
  const text = record.ascii ?? utf8(record.data);
  if (text === undefined) return 'Event is not valid UTF-8';
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? value
      : 'Event is not a JSON object';
  } catch {
    return 'Event is not valid JSON';
  }
}

function utf8(data: Buffer): string | undefined {
  return isUtf8(data) ? data.toString('utf8') : undefined;
}

function unknownType(type: unknown, schemas: Schemas<{ type: string }>): Rejection {
  const expected = Object.keys(schemas).join(', ');
  const found = typeof type === 'string' ? `Unknown event type '${abbreviate(type)}'` : 'Event has no type';
  return { reason: 'UNKNOWN_TYPE', message: `${found}, expected one of: ${expected}`, field: 'type' };
}

function invalidField(error: z.core.$ZodError): Rejection {
  const issue = error.issues[0];
  const field = issue?.path.map(String).join('.') ?? '';
  return {
    reason: 'INVALID_FIELD',
    message: `Invalid field '${field}': ${issue?.message ?? 'invalid'}`,
    field,
  };
}

const longestQuote = 64;

function abbreviate(text: string): string {
  return text.length <= longestQuote ? text : `${text.slice(0, longestQuote)}…`;
}
