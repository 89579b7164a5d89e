import type { InputRecord } from '../core/decode.ts';
import type { BatchSource } from '../ports/source.ts';
import type { InputAgeTelemetry } from '../ports/telemetry.ts';

/**
 * A source that tells, of each batch, how far its function is behind. Lambda does so itself of streams (IteratorAge), and not of
 * topics, where it only counts what waits.
 */
export function withInputAge<Event, Response>(
  source: BatchSource<Event, Response>,
  telemetry: InputAgeTelemetry,
  now: () => number,
): BatchSource<Event, Response> {
  return {
    reportsFailures: source.reportsFailures,
    records(event) {
      const records = source.records(event);
      const arrival = earliestEnd(records);
      // The clock of a broker may be ahead of ours.
      if (arrival !== undefined) telemetry.inputAge(Math.max(0, now() - arrival));
      return records;
    },
    response: (firstFailed) => source.response(firstFailed),
  };
}

/** Of the last records of all shards the one that arrived first; undefined where there is none. */
function earliestEnd(records: readonly InputRecord[]): number | undefined {
  const ends = new Map(records.map(({ source, arrival }) => [source.shardId, arrival]));
  return ends.size === 0 ? undefined : Math.min(...ends.values());
}
