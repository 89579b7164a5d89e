import type { InputRecord } from '../core/decode.ts';
import type { SourcePosition } from '../core/ids.ts';
import type { BatchSource } from '../ports/source.ts';
import { restOf } from './decode-batch.ts';

/** The work on a batch: of what failed the first of each shard. @throws when all of it has to come again */
export type BatchWork = (records: readonly InputRecord[]) => Promise<readonly SourcePosition[]>;

/**
 * A function of Lambda that does the work on what its source has.
 *
 * Where Lambda takes no partial responses, the function goes on by itself with what is left, as long as something of it gets
 * done: a user's item has room for some hundred outcomes of one batch (core/cursor-room.ts), and a larger batch that came again
 * as a whole would find none for the rest, however often. What is done is published before, so that it may come again in any
 * cut.
 */
export function batchFunction<Event, Response>(
  source: BatchSource<Event, Response>,
  work: BatchWork,
): (event: Event) => Promise<Response> {
  return async (event) => {
    let records = source.records(event);
    for (;;) {
      const firstFailed = await work(records);
      const rest = source.reportsFailures ? [] : restOf(records, firstFailed);
      if (rest.length === 0 || rest.length === records.length) return source.response(firstFailed);
      records = rest;
    }
  };
}
