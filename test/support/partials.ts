import type { EntriesRecord } from '../../lambda/core/entries-records.ts';
import { partialRecord } from '../../lambda/core/entries-records.ts';
import type { PartialDraw } from '../../lambda/core/partial-draw.ts';

/**
 * A partial as the entries stream holds it, of lottery 1's window of 0, with one entry: "shard:<digit>" of the
 * user <digit>, with a priority that begins with that digit. The lower digit wins.
 */
export function partialWithPriority(digit: string, fields: Partial<PartialDraw> = {}): EntriesRecord {
  const best = { entryId: `shard:${digit}`, userId: digit, priority: digit.padEnd(64, '0') };
  return partialRecord({ lotteryId: '1', run: 1, windowStart: 0, best, entries: 1, ...fields });
}
