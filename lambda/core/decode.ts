import { isUtf8 } from 'node:buffer';
import type * as z from 'zod/mini';
import type { InputStream, LotteryEvent, UserEvent } from './events.ts';
import {
  clientEventTypes,
  type Heartbeat,
  heartbeatSchema,
  lotteryEventSchemas,
  userEventSchemas,
} from './events.ts';
import { given, invalidField } from './field-rejection.ts';
import type { SourcePosition } from './ids.ts';
import { isAggregate } from './kpl.ts';
import type { Rejection, RejectionReason } from './reasons.ts';

/** One record of a batch, as the core sees it. */
export interface InputRecord {
  readonly source: SourcePosition;
  /** The name of the stream that it is on. */
  readonly stream: string;
  readonly partitionKey: string;
  /** When the stream took the record, ms since the epoch. */
  readonly arrival: number;
  readonly data: Buffer;
  /** The same as text, where every byte is ASCII and someone has it at hand. */
  readonly ascii?: string | undefined;
  /** What is wrong with it, where its source knows that already. */
  readonly rejection?: Rejection | undefined;
}

/** An event that passed its schema, with the record that it came in and the JSON as it was sent. */
export interface SourcedEvent<Event> {
  readonly record: InputRecord;
  readonly event: Event;
  readonly original: object;
  /** Of its record in the batch, from 0. */
  readonly place: number;
}

export interface UndecodableRecord {
  readonly record: InputRecord;
  readonly rejection: Rejection;
  /** The JSON object as it was sent; absent where the bytes are not one. */
  readonly original?: object;
}

/** A record that is no event and not wrong either. */
export interface HeartbeatRecord {
  readonly record: InputRecord;
  readonly heartbeat: Heartbeat;
}

export type Decoded<Event> = SourcedEvent<Event> | UndecodableRecord | HeartbeatRecord;

export function isDecoded<Event>(decoded: Decoded<Event>): decoded is SourcedEvent<Event> {
  return 'event' in decoded;
}

export function isHeartbeat<Event>(decoded: Decoded<Event>): decoded is HeartbeatRecord {
  return 'heartbeat' in decoded;
}

/** Never throws: whatever the bytes are, the answer is an event or a rejection that names the field. */
export function decodeUserRecord(record: InputRecord, place = 0): Decoded<UserEvent> {
  return decodeRecord<UserEvent>(record, place, userEventSchemas, 'user-events-input');
}

/** Never throws: whatever the bytes are, the answer is an event or a rejection that names the field. */
export function decodeLotteryRecord(record: InputRecord, place = 0): Decoded<LotteryEvent> {
  return decodeRecord<LotteryEvent>(record, place, lotteryEventSchemas, 'lottery-events-input');
}

type Schemas<Event extends { type: string }> = Readonly<Record<string, z.ZodMiniType<Event>>>;

function decodeRecord<Event extends { type: string }>(
  record: InputRecord,
  place: number,
  schemas: Schemas<Event>,
  stream: InputStream,
): Decoded<Event> {
  const parsed = parseObject(record);
  if (parsed instanceof Unreadable) return { record, rejection: record.rejection ?? parsed.rejection };
  if (record.rejection !== undefined) return { record, rejection: record.rejection, original: parsed };
  const { type } = parsed as { type?: unknown };
  const schema = typeof type === 'string' && Object.hasOwn(schemas, type) ? schemas[type] : undefined;
  if (schema === undefined) {
    if (type === 'Heartbeat') return decodeHeartbeat(record, parsed);
    return { record, rejection: unknownType(type, stream), original: parsed };
  }
  const result = schema.safeParse(parsed);
  if (!result.success) return { record, rejection: invalidField(result.error, parsed), original: parsed };
  return new Sourced(record, result.data, parsed, place);
}

function decodeHeartbeat(record: InputRecord, original: object): HeartbeatRecord | UndecodableRecord {
  const { data: heartbeat, error } = heartbeatSchema.safeParse(original);
  return heartbeat ? { record, heartbeat } : { record, rejection: invalidField(error, original), original };
}

/** A class, and not a literal, which V8 would come to allocate as old, with all that it holds (docs/benchmarks.md). */
class Sourced<Event> implements SourcedEvent<Event> {
  readonly record: InputRecord;
  readonly event: Event;
  readonly original: object;
  readonly place: number;

  constructor(record: InputRecord, event: Event, original: object, place: number) {
    this.record = record;
    this.event = event;
    this.original = original;
    this.place = place;
  }
}

class Unreadable {
  readonly rejection: Rejection;

  constructor(message: string, reason: RejectionReason = 'INVALID_JSON') {
    this.rejection = { reason, message };
  }
}

/** The JSON object in the bytes, or why there is none. */
function parseObject(record: InputRecord): object | Unreadable {
  const text = record.ascii ?? utf8(record.data);
  if (text === undefined) return withoutText(record.data);
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? value
      : new Unreadable('Event is not a JSON object');
  } catch {
    return new Unreadable('Event is not valid JSON');
  }
}

/** What producers may do to events, and is not undone here: neither begins as text in UTF-8 does. */
function withoutText(data: Buffer): Unreadable {
  if (data[0] === 0x1f && data[1] === 0x8b)
    return new Unreadable('Event is compressed with gzip: it must be sent as it is', 'COMPRESSED');
  if (isAggregate(data))
    return new Unreadable(
      'Event is an aggregated record: only a record of Kinesis may be one, and no event in it',
      'INVALID_AGGREGATE',
    );
  return new Unreadable('Event is not valid UTF-8');
}

function utf8(data: Buffer): string | undefined {
  return isUtf8(data) ? data.toString('utf8') : undefined;
}

/** Names what clients send, and no internal type. */
function unknownType(type: unknown, stream: InputStream): Rejection {
  return { reason: 'UNKNOWN_TYPE', message: typeMessage(type, stream), field: 'type' };
}

function typeMessage(type: unknown, stream: InputStream): string {
  const own = streamOf(type);
  if (own !== undefined) return `${type} belongs on the stream ${own}, this is ${stream}`;
  const rule = `must be ${clientEventTypes[stream].join(' or ')} on the stream ${stream}`;
  return type === undefined
    ? `Event has no type: 'type' ${rule}`
    : `Unknown event type: 'type' ${rule}, was ${given(type)}`;
}

const streams: readonly (readonly [string, InputStream])[] = [
  ...clientEventTypes['lottery-events-input'].map((type) => [type, 'lottery-events-input'] as const),
  ...clientEventTypes['user-events-input'].map((type) => [type, 'user-events-input'] as const),
];

/** The stream that clients put events of this type on. */
function streamOf(type: unknown): InputStream | undefined {
  return streams.find(([known]) => known === type)?.[1];
}
