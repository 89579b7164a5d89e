import type { KinesisStreamBatchResponse, KinesisStreamRecord } from 'aws-lambda';
import type {
  Decoded,
  HeartbeatRecord,
  InputRecord,
  SourcedEvent,
  UndecodableRecord,
} from '../core/decode.ts';
import { isDecoded, isHeartbeat } from '../core/decode.ts';
import type { SourcePosition } from '../core/ids.ts';
import { compareSequenceNumbers } from '../core/ids.ts';

type KinesisPayload = KinesisStreamRecord['kinesis'];

/**
 * One record of Lambda's Kinesis event.
 * @param shardId the record's shard, where it is known
 */
export function inputRecordOf(
  { eventID, kinesis }: KinesisStreamRecord,
  shardId = shardIdOf(eventID),
): InputRecord {
  return new LambdaRecord(new LambdaSource(shardId, kinesis.sequenceNumber, eventID), kinesis);
}

class LambdaSource implements SourcePosition {
  readonly shardId: string;
  readonly sequenceNumber: string;
  readonly recordId: string;

  constructor(shardId: string, sequenceNumber: string, recordId: string) {
    this.shardId = shardId;
    this.sequenceNumber = sequenceNumber;
    this.recordId = recordId;
  }
}

/** A record whose bytes are made only for those who ask: an event of ASCII is read without them. */
class LambdaRecord implements InputRecord {
  readonly source: SourcePosition;
  readonly partitionKey: string;
  readonly arrival: number;
  readonly ascii: string | undefined;
  // Not a private name: to define one costs more than all the other members.
  private readonly base64: string;

  constructor(source: SourcePosition, { data, partitionKey, approximateArrivalTimestamp }: KinesisPayload) {
    this.source = source;
    this.partitionKey = partitionKey;
    // Lambda gives seconds, with milliseconds behind the point.
    this.arrival = Math.round(approximateArrivalTimestamp * 1000);
    this.ascii = asciiOf(data);
    this.base64 = data;
  }

  get data(): Buffer {
    return Buffer.from(this.base64, 'base64');
  }
}

/** @returns undefined where a byte is above 127 */
function asciiOf(base64: string): string | undefined {
  try {
    const text = atob(base64);
    return Buffer.byteLength(text) === text.length ? text : undefined;
  } catch {
    // Not the base64 that Lambda sends: the bytes are what Buffer makes of it.
    return undefined;
  }
}

/** `eventID` is "<shardId>:<sequenceNumber>". */
function shardIdOf(eventID: string): string {
  return eventID.slice(0, eventID.indexOf(':'));
}

function isOfShard(eventID: string, shardId: string): boolean {
  return eventID[shardId.length] === ':' && eventID.startsWith(shardId);
}

export interface DecodedBatch<Event> {
  /** All, in their order. */
  readonly records: readonly InputRecord[];
  /** The events by key, in the batch's order. */
  readonly groups: ReadonlyMap<string, readonly SourcedEvent<Event>[]>;
  readonly undecodable: readonly UndecodableRecord[];
  readonly heartbeats: readonly HeartbeatRecord[];
}

/**
 * Decodes and groups a batch.
 *
 * An event whose partition key is not its own id is rejected: a key's events are applied in the order of one shard, and
 * nobody can choose the shard of another one's event by its key.
 */
export function decodeBatch<Event>(
  records: readonly KinesisStreamRecord[],
  decode: (record: InputRecord) => Decoded<Event>,
  keyOf: (event: Event) => string,
): DecodedBatch<Event> {
  const groups = new Map<string, SourcedEvent<Event>[]>();
  const undecodable: UndecodableRecord[] = [];
  const heartbeats: HeartbeatRecord[] = [];
  const all: InputRecord[] = [];
  // One string for all records of a shard: a cursor is looked up by it for every user.
  let shardId = '';
  for (const kinesisRecord of records) {
    if (!isOfShard(kinesisRecord.eventID, shardId)) shardId = shardIdOf(kinesisRecord.eventID);
    const record = inputRecordOf(kinesisRecord, shardId);
    all.push(record);
    const decoded = decode(record);
    if (!isDecoded(decoded)) {
      if (isHeartbeat(decoded)) heartbeats.push(decoded);
      else undecodable.push(decoded);
      continue;
    }
    const key = keyOf(decoded.event);
    if (decoded.record.partitionKey !== key) {
      undecodable.push(wrongPartitionKey(decoded, key));
      continue;
    }
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [decoded]);
    else group.push(decoded);
  }
  return { records: all, groups, undecodable, heartbeats };
}

function wrongPartitionKey<Event>(
  { record, original }: SourcedEvent<Event>,
  expected: string,
): UndecodableRecord {
  const message = `Partition key must be the event's id '${expected}', not '${record.partitionKey}'`;
  return { record, original, rejection: { reason: 'PARTITION_KEY_MISMATCH', message } };
}

type FailedEvents = readonly { readonly events: readonly { readonly record: InputRecord }[] }[];

/** The lowest sequence number of those that failed. */
export function firstFailedOf(failed: FailedEvents): string | undefined {
  const sequenceNumbers = failed.flatMap(({ events }) =>
    events.map(({ record }) => record.source.sequenceNumber),
  );
  return sequenceNumbers.toSorted(compareSequenceNumbers)[0];
}

/**
 * Lambda's partial batch response: everything from the lowest sequence number named comes again. It is named
 * once; the successes above it are delivered again too and have stored outcomes.
 */
export function batchResponse(failed: FailedEvents): KinesisStreamBatchResponse {
  const lowest = firstFailedOf(failed);
  return { batchItemFailures: lowest === undefined ? [] : [{ itemIdentifier: lowest }] };
}
