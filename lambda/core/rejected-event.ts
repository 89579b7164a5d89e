import type { UndecodableRecord } from './decode.ts';
import { recordIdOf } from './ids.ts';
import type { RejectionReason } from './reasons.ts';

/** A Kinesis record holds 1 MB and base64 grows by a third: of a larger input only the beginning is sent back. */
const maximumRawBytes = 64 * 1024;
/** JSON.stringify recurses: a deeply nested event is sent back as bytes instead. */
const maximumBrackets = 256;

/** What became of an event that was not applied (docs/events.md). Exactly one of `event` and `raw` is there. */
export interface EventRejectedEvent {
  readonly type: 'EventRejectedEvent';
  readonly reason: RejectionReason;
  readonly message: string;
  readonly field?: string;
  readonly recordId: string;
  /** The event as it was sent. */
  readonly event?: object;
  /** The record's bytes, base64, where they are no JSON object (or one too large or too deep to send back). */
  readonly raw?: string;
  /** How many bytes the record had, where `raw` holds only the first of them. */
  readonly rawBytes?: number;
}

export function rejectedEvent({ record, rejection, original }: UndecodableRecord): EventRejectedEvent {
  return {
    type: 'EventRejectedEvent',
    reason: rejection.reason,
    message: rejection.message,
    ...(rejection.field === undefined ? {} : { field: rejection.field }),
    recordId: recordIdOf(record.source),
    ...originalOf(record.data, original),
  };
}

function originalOf(
  data: Buffer,
  original: object | undefined,
): Pick<EventRejectedEvent, 'event' | 'raw' | 'rawBytes'> {
  if (data.length > maximumRawBytes) {
    return { raw: data.subarray(0, maximumRawBytes).toString('base64'), rawBytes: data.length };
  }
  if (original !== undefined && bracketsIn(data) <= maximumBrackets) return { event: original };
  return { raw: data.toString('base64') };
}

function bracketsIn(data: Buffer): number {
  let count = 0;
  for (const byte of data) if (byte === 0x5b || byte === 0x7b) count += 1;
  return count;
}
