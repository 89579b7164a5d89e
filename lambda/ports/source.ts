import type { InputRecord } from '../core/decode.ts';
import type { SourcePosition } from '../core/ids.ts';

/** Where batches come from: what Lambda hands over taken apart, and the answer to it. */
export interface BatchSource<Event, Response> {
  /** Whether Lambda can be told of a part that failed. Else all of the invocation comes again with it. */
  readonly reportsFailures: boolean;
  /** In order in each shard; an invocation may have several. @throws what makes the whole batch come again */
  records(event: Event): readonly InputRecord[];
  /**
   * @param firstFailed at most one for each shard: everything of that shard from there on comes again
   * @throws where Lambda can only be told that all of it failed
   */
  response(firstFailed: readonly SourcePosition[]): Response;
}
