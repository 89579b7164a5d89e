import type { InputRecord } from '../core/decode.ts';
import type { SourcePosition } from '../core/ids.ts';
import type { BatchSource } from '../ports/source.ts';

/** The work on a batch: of what failed the first of each shard. @throws when all of it has to come again */
export type BatchWork = (records: readonly InputRecord[]) => Promise<readonly SourcePosition[]>;

/** A function of Lambda that does the work on what its source has. */
export function batchFunction<Event, Response>(
  source: BatchSource<Event, Response>,
  work: BatchWork,
): (event: Event) => Promise<Response> {
  return async (event) => source.response(await work(source.records(event)));
}
