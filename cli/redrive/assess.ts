import type { Cursors } from '../../lambda/core/cursor.ts';
import type { InputRecord } from '../../lambda/core/decode.ts';
import { compareSequenceNumbers } from '../../lambda/core/ids.ts';
import { outcomesBySequenceNumber } from '../../lambda/core/outcome-codec.ts';

/**
 * What may be done with a record of a batch that was given up:
 * - `stored`: it was applied, and its outcome is in its key's item: the function publishes it again.
 * - `published`: its outcome is on the output stream.
 * - `unapplied`: it was never applied: the function applies it now.
 * - `undecided`: nobody knows any more. It lies below its key's cursor without a stored outcome (it was applied
 *   and published long ago, or passed over when its batch was given up and later ones went on), or is so old that
 *   the cursor has gone. Applied now, it might be applied twice.
 */
export type Standing = 'stored' | 'published' | 'unapplied' | 'undecided';

/** The part of a user's or a lottery's item that says how far it is; undefined: there is no item. */
export type KeyedState = { readonly cursors: Cursors } | undefined;

/**
 * The functions drop cursors older than the retention (lambda/core/cursor.ts). So much earlier they count as
 * dropped here: time passes until the function looks, and clocks differ. In ms.
 */
const MARGIN_MS = 15 * 60_000;

export interface AssessContext {
  now: number;
  retentionMs: number;
  isPublished: (recordId: string) => boolean;
}

/** @param state of the record's key; a record that cannot be decoded has none, and is rejected at any time */
export function standingOf(
  { source, arrival }: InputRecord,
  recordId: string,
  state: KeyedState,
  { now, retentionMs, isPublished }: AssessContext,
): Standing {
  const cursor = state?.cursors[source.shardId];
  const isOld = (at: number) => now + MARGIN_MS - at > retentionMs;
  const isPassed =
    cursor !== undefined && compareSequenceNumbers(source.sequenceNumber, cursor.sequenceNumber) <= 0;
  if (isPassed && !isOld(cursor.arrival)) {
    const stored = outcomesBySequenceNumber(cursor.sequenceNumber, cursor.outcomes)(source.sequenceNumber);
    if (stored !== undefined) return 'stored';
  }
  if (isPublished(recordId)) return 'published';
  if (isPassed) return 'undecided';
  const mayHaveBeenPassed = state !== undefined && cursor === undefined && isOld(arrival);
  return mayHaveBeenPassed ? 'undecided' : 'unapplied';
}
