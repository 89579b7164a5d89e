import * as z from 'zod/mini';
import type { EntriesRecord } from './entries-records.ts';
import { mergePartials, partialDrawSchema } from './partial-draw.ts';
import { type DrawTiming, drawIdOf, runKey } from './window.ts';

/**
 * The state that Lambda carries through one of its tumbling windows for one shard: the draws that are open, the
 * endings that wait for them, and the clock. Constant in size per draw, whatever the number of clicks.
 */

const openDrawSchema = z.extend(partialDrawSchema, {
  /** Arrival of the draw's first partial, ms. */
  since: z.number(),
});

const openEndingSchema = z.object({
  lotteryId: z.string(),
  run: z.int().check(z.positive()),
  lastWindowStart: z.int(),
  since: z.number(),
});

export const drawStateSchema = z.object({
  /** By draw id. */
  draws: z._default(z.record(z.string(), openDrawSchema), {}),
  /** By `runKey`. */
  endings: z._default(z.record(z.string(), openEndingSchema), {}),
  /** The latest arrival seen, ms. */
  clock: z._default(z.number(), 0),
});

export type OpenDraw = z.infer<typeof openDrawSchema>;
export type OpenEnding = z.infer<typeof openEndingSchema>;
export type DrawState = z.infer<typeof drawStateSchema>;

/** One record of the entries stream. */
export interface Arrival {
  readonly record: EntriesRecord;
  /** ms since the epoch. */
  readonly arrival: number;
}

/** Merges a batch into the state. Order, repetition and grouping of partials change no winner. */
export function mergeArrivals(state: DrawState, arrivals: readonly Arrival[]): DrawState {
  const merged: DrawState = { draws: { ...state.draws }, endings: { ...state.endings }, clock: state.clock };
  for (const { record, arrival } of arrivals) {
    merged.clock = Math.max(merged.clock, arrival);
    mergeRecord(merged, record, arrival);
  }
  return merged;
}

function mergeRecord(merged: DrawState, record: EntriesRecord, arrival: number): void {
  switch (record.type) {
    case 'PartialDraw': {
      const { type: _, since: carried, ...partial } = record;
      const drawId = drawIdOf(partial);
      const known = merged.draws[drawId];
      // Never later than it arrived: a draw that waits for a time to come would be carried on until then.
      const since = Math.min(carried ?? arrival, arrival, known?.since ?? arrival);
      merged.draws[drawId] = known ? { ...mergePartials(known, partial), since } : { ...partial, since };
      return;
    }
    case 'Ending': {
      const { type: _, since: carried, ...ending } = record;
      const key = runKey(ending);
      const known = merged.endings[key] ?? { lastWindowStart: ending.lastWindowStart, since: arrival };
      // A lottery with prizes that was stopped early has two endings: the earlier one counts.
      const lastWindowStart = Math.min(ending.lastWindowStart, known.lastWindowStart);
      merged.endings[key] = { ...ending, lastWindowStart, since: Math.min(carried ?? arrival, known.since) };
      return;
    }
    case 'Tick':
      return;
    default:
      record satisfies never;
  }
}

/** When a draw is due, ms: its grace runs from its window's end or, if that is later, from its first partial. */
export function drawDueAt(draw: { windowStart: number; since: number }, timing: DrawTiming): number {
  return Math.max(draw.windowStart + timing.windowMs, draw.since) + timing.graceMs;
}

/** Takes out of the state the draws that are due at `clock`. */
export function takeDueDraws(
  state: DrawState,
  clock: number,
  timing: DrawTiming,
): { due: OpenDraw[]; rest: DrawState } {
  const due: OpenDraw[] = [];
  const draws: DrawState['draws'] = {};
  for (const [drawId, draw] of Object.entries(state.draws)) {
    if (drawDueAt(draw, timing) <= clock) due.push(draw);
    else draws[drawId] = draw;
  }
  return { due, rest: { ...state, draws } };
}

/** Takes out the endings that are due at `clock`: their last window is over and no draw of their run is open. */
export function takeDueEndings(
  state: DrawState,
  clock: number,
  timing: DrawTiming,
): { due: OpenEnding[]; rest: DrawState } {
  const open = new Set(Object.values(state.draws).map(runKey));
  const due: OpenEnding[] = [];
  const endings: DrawState['endings'] = {};
  for (const [key, ending] of Object.entries(state.endings)) {
    const dueAt = drawDueAt({ windowStart: ending.lastWindowStart, since: ending.since }, timing);
    if (dueAt <= clock && !open.has(key)) due.push(ending);
    else endings[key] = ending;
  }
  return { due, rest: { ...state, endings } };
}

/** Puts back what was due and could not be dealt with: the next invocation finds it due again. */
export function withOpen(
  state: DrawState,
  { draws = [], endings = [] }: { draws?: readonly OpenDraw[]; endings?: readonly OpenEnding[] },
): DrawState {
  return {
    ...state,
    draws: { ...state.draws, ...Object.fromEntries(draws.map((draw) => [drawIdOf(draw), draw])) },
    endings: {
      ...state.endings,
      ...Object.fromEntries(endings.map((ending) => [runKey(ending), ending])),
    },
  };
}
