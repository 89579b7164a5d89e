import * as z from 'zod/mini';
import { innerIdSchema } from './ids.ts';
import type { PartialDraw } from './partial-draw.ts';
import { partialDrawSchema } from './partial-draw.ts';
import { derivedTimeSchema } from './window.ts';

/**
 * The records of the internal entries stream (JSON). Ids are strings here, never numbers. What passes these schemas
 * can be a key, a partition key, an attribute's name and a number wherever the functions put it: a record that could
 * not would fail its window's every invocation.
 *
 * - PartialDraw: a batch's partial. `since` is there on one that was carried over: the arrival of the draw's
 *   first partial, ms.
 * - Ending: the run takes no more clicks; when its windows are drawn, reveal the seed.
 * - Tick: nothing but an arrival. It moves the clock of its lottery's shard, so that what is due is drawn.
 */
const partialRecordSchema = z.extend(partialDrawSchema, {
  type: z.literal('PartialDraw'),
  since: z.optional(derivedTimeSchema),
});

const endingSchema = z.object({
  lotteryId: innerIdSchema,
  run: z.int().check(z.positive()),
  /** Start of the run's last window, ms. */
  lastWindowStart: derivedTimeSchema,
});

const endingRecordSchema = z.extend(endingSchema, {
  type: z.literal('Ending'),
  since: z.optional(derivedTimeSchema),
});

const tickRecordSchema = z.object({
  type: z.literal('Tick'),
  lotteryId: innerIdSchema,
});

export const entriesRecordSchema = z.discriminatedUnion('type', [
  partialRecordSchema,
  endingRecordSchema,
  tickRecordSchema,
]);

export type EntriesRecord = z.infer<typeof entriesRecordSchema>;
export type EndingRecord = z.infer<typeof endingRecordSchema>;
export type Ending = z.infer<typeof endingSchema>;

export function partialRecord(partial: PartialDraw, since?: number): EntriesRecord {
  const { lotteryId, run, windowStart, best, entries } = partial;
  return {
    type: 'PartialDraw',
    lotteryId,
    run,
    windowStart,
    best,
    entries,
    ...(since === undefined ? {} : { since }),
  };
}

export function endingRecord({ lotteryId, run, lastWindowStart }: Ending, since?: number): EndingRecord {
  return { type: 'Ending', lotteryId, run, lastWindowStart, ...(since === undefined ? {} : { since }) };
}

/** A message of the ticks queue: put `record` on the entries stream at the time `at` (ms), not before. */
export const tickMessageSchema = z.object({
  at: derivedTimeSchema,
  record: z.discriminatedUnion('type', [endingRecordSchema, tickRecordSchema]),
});

export type TickMessage = z.infer<typeof tickMessageSchema>;
