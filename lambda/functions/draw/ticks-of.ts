import type { EntriesRecord } from '../../core/entries-records.ts';
import { type DrawKey, runKey } from '../../core/window.ts';

/** A record of the entries stream. */
export interface ArrivedRecord {
  readonly record: EntriesRecord;
  /** On the stream, ms. */
  readonly arrival: number;
}

export interface ArrivedTick extends DrawKey {
  readonly arrival: number;
  /** Its place in the batch. */
  readonly index: number;
}

/**
 * The latest window that is complete, of each run that has a tick, by `runKey`: all before it are complete with it. Of two
 * ticks of one window the first.
 */
export function ticksOf(records: readonly ArrivedRecord[]): ReadonlyMap<string, ArrivedTick> {
  const latest = new Map<string, ArrivedTick>();
  for (const [index, { record, arrival }] of records.entries()) {
    if (record.type !== 'Tick') continue;
    const known = latest.get(runKey(record));
    if (known !== undefined && known.windowStart >= record.windowStart) continue;
    const { lotteryId, run, windowStart } = record;
    latest.set(runKey(record), { lotteryId, run, windowStart, arrival, index });
  }
  return latest;
}
