import type { EntriesRecord } from '../../core/entries-records.ts';
import { type DrawKey, runKey } from '../../core/window.ts';

/** The latest window that is complete, of each run that has a tick, by `runKey`: all before it are complete with it. */
export function ticksOf(records: readonly EntriesRecord[]): ReadonlyMap<string, DrawKey> {
  const latest = new Map<string, DrawKey>();
  for (const record of records) {
    if (record.type !== 'Tick') continue;
    const known = latest.get(runKey(record));
    if (known === undefined || known.windowStart < record.windowStart) latest.set(runKey(record), record);
  }
  return latest;
}
