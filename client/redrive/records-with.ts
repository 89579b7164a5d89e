import type { KinesisStreamRecord } from 'aws-lambda';
import { kinesisSource } from '../../lambda/batch/kinesis-source.ts';
import { recordIdOf } from '../../lambda/core/ids.ts';
import { readAggregate, writeAggregate } from '../../lambda/core/kpl.ts';

/** No event, and nothing becomes of it. As long as what it replaces, but for what is too short to be any. */
const nothingAs = ({ length }: Buffer) => Buffer.from('{"type":"Heartbeat"}'.padEnd(length));

/**
 * Of a batch's records those that hold the events wanted. In an aggregated record the others are replaced, each in its place, so
 * that the ids of the rest stay what they are; but for those that the record has too many of, which are refused again.
 * @param wanted ids of events
 */
export function recordsWith(
  records: readonly KinesisStreamRecord[],
  wanted: ReadonlySet<string>,
): KinesisStreamRecord[] {
  return records.flatMap((record) => {
    const events = kinesisSource
      .records({ Records: [record] })
      .map((event) => ({ event, isWanted: wanted.has(recordIdOf(event.source)) }));
    if (!events.some(({ isWanted }) => isWanted)) return [];
    if (events.every(({ isWanted }) => isWanted)) return [record];
    const byPlace = new Map(events.map((each) => [each.event.source.index, each]));
    const whole = readAggregate(Buffer.from(record.kinesis.data, 'base64'));
    if (typeof whole === 'string') return [record];
    const left = whole.map(({ partitionKey, data }, index) => {
      // Those that are too short have one outcome together, and no place.
      const { isWanted, event } = byPlace.get(index) ?? byPlace.get(undefined) ?? { isWanted: true };
      const isKept = isWanted || (event?.source.index !== undefined && event.rejection !== undefined);
      return { partitionKey, data: isKept ? data : nothingAs(data) };
    });
    return [{ ...record, kinesis: { ...record.kinesis, data: writeAggregate(left).toString('base64') } }];
  });
}
