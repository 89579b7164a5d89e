import type { InputRecord } from '../core/decode.ts';
import type { SourcePosition } from '../core/ids.ts';
import { type AggregatedEvent, maximumKeyLength, readAggregate } from '../core/kpl.ts';
import type { Rejection } from '../core/reasons.ts';

/**
 * Of the events of one key in an aggregated record, so many are applied. They are by one write, which has to hold what became of
 * all of them (core/cursor-room.ts). To be decided by the record alone, so that it is the same at every delivery.
 */
export const maximumOfOneKey = 500;

/** No event is shorter than a heartbeat. */
const leastBytes = '{"type":"Heartbeat"}'.length;

/** What the records are that an aggregated one holds: where and when it came, they did. */
export interface AggregatedRecord {
  readonly source: SourcePosition & { readonly recordId: string };
  readonly stream: string;
  readonly partitionKey: string;
  readonly arrival: number;
}

/**
 * @param data begins as an aggregated record does
 * @returns its events, each as a record; one that is rejected, where it cannot be taken apart
 */
export function recordsIn(outer: AggregatedRecord, data: Buffer): InputRecord[] {
  const events = readAggregate(data);
  if (typeof events === 'string')
    return [rejectedRecord(outer, data, `Aggregated record cannot be taken apart: ${events}`)];
  const rejectionOf = events.length > maximumOfOneKey ? countingKeys() : nothing;
  const records = events.map((event, index) => new EventRecord(outer, event, index, rejectionOf(event)));
  return areMostlyShort(events) ? withoutShort(records, outer) : records;
}

/**
 * Of such events a record would have fifty times as many bytes of rejections, and a batch of those no room in the function's
 * memory.
 */
function areMostlyShort(events: readonly AggregatedEvent[]): boolean {
  let bytes = 0;
  for (const event of events) bytes += event.data.length;
  return bytes < leastBytes * events.length;
}

/**
 * One rejection for all that are too short, with their bytes one after the other: so it is the same when the record comes again
 * with other events replaced (client/redrive). The others are what they are: who filled the record up may be somebody else.
 */
function withoutShort(records: readonly InputRecord[], outer: AggregatedRecord): InputRecord[] {
  const isShort = ({ data }: InputRecord) => data.length < leastBytes;
  const short = records.filter(isShort);
  const message = `${short.length} events of the aggregated record have less than ${leastBytes} bytes, and none is so short`;
  const bytes = Buffer.concat(short.map(({ data }) => data));
  return [...records.filter((record) => !isShort(record)), rejectedRecord(outer, bytes, message)];
}

function rejectedRecord(outer: AggregatedRecord, data: Buffer, message: string): InputRecord {
  return { ...outer, data, rejection: { reason: 'INVALID_AGGREGATE', message } };
}

class EventSource implements SourcePosition {
  readonly shardId: string;
  readonly sequenceNumber: string;
  readonly index: number;
  readonly recordId: string;

  constructor({ shardId, sequenceNumber, recordId }: AggregatedRecord['source'], index: number) {
    this.shardId = shardId;
    this.sequenceNumber = sequenceNumber;
    this.index = index;
    this.recordId = `${recordId}:${index}`;
  }
}

class EventRecord implements InputRecord {
  readonly source: SourcePosition;
  readonly stream: string;
  readonly partitionKey: string;
  readonly arrival: number;
  readonly data: Buffer;
  readonly rejection: Rejection | undefined;

  constructor(
    outer: AggregatedRecord,
    { partitionKey, data }: AggregatedEvent,
    index: number,
    rejection: Rejection | undefined,
  ) {
    this.source = new EventSource(outer.source, index);
    this.stream = outer.stream;
    this.partitionKey = partitionKey;
    this.arrival = outer.arrival;
    this.data = data;
    this.rejection = rejection;
    if (partitionKey !== '') return;
    // Where its outcome goes to; it is nobody's event.
    this.partitionKey = outer.partitionKey;
    this.rejection = noKey;
  }
}

function nothing(): undefined {}

/** @returns what is wrong with an event, by how many of its key came before it */
function countingKeys(): (event: AggregatedEvent) => Rejection | undefined {
  const counts = new Map<string, number>();
  return ({ partitionKey }) => {
    const count = (counts.get(partitionKey) ?? 0) + 1;
    counts.set(partitionKey, count);
    return count > maximumOfOneKey ? tooMany : undefined;
  };
}

const noKey: Rejection = {
  reason: 'INVALID_AGGREGATE',
  message: `Its partition key in the aggregated record is not UTF-8 of 1 to ${maximumKeyLength} characters`,
};

const tooMany: Rejection = {
  reason: 'TOO_MANY_IN_RECORD',
  message: `An aggregated record may have ${maximumOfOneKey} events of one partition key, and this one has more`,
};
