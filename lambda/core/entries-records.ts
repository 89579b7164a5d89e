import * as z from 'zod/mini';
import type { PartialDraw } from './partial-draw.ts';
import { drawKeySchema, partialDrawSchema } from './partial-draw.ts';
import { type DrawKey, derivedTimeSchema } from './window.ts';

/**
 * The records of the internal entries stream (JSON). Ids are strings here, never numbers. What passes these schemas
 * can be a key, a partition key and a number wherever the functions put it: a record that could not would fail its
 * window's every invocation.
 *
 * - PartialDraw: a batch's entries of one draw, by the block that they lie in.
 * - Tick: the window is complete, and with it all before it. Every entry of theirs lies before this record.
 */
const partialRecordSchema = z.extend(partialDrawSchema, { type: z.literal('PartialDraw') });

const tickRecordSchema = z.extend(drawKeySchema, { type: z.literal('Tick') });

export const entriesRecordSchema = z.discriminatedUnion('type', [partialRecordSchema, tickRecordSchema]);

export type EntriesRecord = z.infer<typeof entriesRecordSchema>;

export function partialRecord({ lotteryId, run, windowStart, dueAt, block }: PartialDraw): EntriesRecord {
  return { type: 'PartialDraw', lotteryId, run, windowStart, dueAt, block };
}

export function tickRecord({ lotteryId, run, windowStart }: DrawKey): EntriesRecord {
  return { type: 'Tick', lotteryId, run, windowStart };
}

/**
 * A message of the ticks queue: once it is `at` (ms), and the inputs' watermark is at `dueAt`, put the tick on the
 * entries stream.
 */
export const tickMessageSchema = z.object({
  at: derivedTimeSchema,
  dueAt: derivedTimeSchema,
  tick: drawKeySchema,
});

export type TickMessage = z.infer<typeof tickMessageSchema>;

/**
 * What asks for the tick of a window: when that is due, or now where it was before. In a replay of old events what is due
 * hangs on their own times, and no time of day.
 *
 * @param dueAt of the window, ms
 */
export function tickMessage(
  { lotteryId, run, windowStart }: DrawKey,
  dueAt: number,
  { isReplay, now }: { readonly isReplay: boolean; readonly now: number },
): TickMessage {
  return { at: isReplay ? now : Math.max(dueAt, now), dueAt, tick: { lotteryId, run, windowStart } };
}
