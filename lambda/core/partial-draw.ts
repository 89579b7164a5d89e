import * as z from 'zod/mini';
import { priorityBytes, priorityHex, windowSeed } from './fairness.ts';
import { entryIdSchema, innerIdSchema } from './ids.ts';
import type { SeededRun } from './lottery.ts';
import { derivedTimeSchema, drawIdOf } from './window.ts';

/** One accepted click in a draw. */
export interface Entry {
  /** "<shardId>:<sequenceNumber>" of the click's record. */
  readonly entryId: string;
  readonly userId: string;
  /** SHA-256 in hex (fairness.ts): the lowest wins. */
  readonly priority: string;
}

/**
 * What one batch, or many merged, know of one draw. A minimum does not care for order, repetition or grouping,
 * so partials may be delivered twice, merged in any order and cut in any way: the winner is the same.
 */
export interface PartialDraw {
  readonly lotteryId: string;
  readonly run: number;
  /** ms since the epoch. */
  readonly windowStart: number;
  readonly best: Entry;
  /** How many clicks were counted. A crash may count one twice; it never changes a winner. */
  readonly entries: number;
}

export function lowerOf(left: Entry, right: Entry): Entry {
  return right.priority < left.priority ? right : left;
}

/** @param left and @param right partials of the same draw */
export function mergePartials<Partial extends PartialDraw>(left: Partial, right: PartialDraw): Partial {
  // Never above what a number can hold exactly: the sum has to pass the same schema as its parts.
  const entries = Math.min(left.entries + right.entries, Number.MAX_SAFE_INTEGER);
  return { ...left, best: lowerOf(left.best, right.best), entries };
}

interface Collected {
  readonly run: SeededRun;
  readonly windowStart: number;
  /** The window's. */
  readonly seed: string;
  /** `bytes`: its priority (fairness.ts). */
  best?: { readonly entryId: string; readonly userId: string; readonly bytes: string };
  entries: number;
}

/** Collects the accepted clicks of one batch into one partial per draw. */
export class PartialDrawCollector {
  readonly #byDraw = new Map<string, Collected>();
  /** The draw of the last click: that of the next one too, but for one in thousands. */
  #last: Collected | undefined;

  /** @param run the run that accepted the click (its seed makes the priority) */
  add(run: SeededRun, windowStart: number, entryId: string, userId: string): void {
    const draw = this.#drawOf(run, windowStart);
    const bytes = priorityBytes(draw.seed, entryId);
    draw.entries += 1;
    if (draw.best === undefined || bytes < draw.best.bytes) draw.best = { entryId, userId, bytes };
  }

  list(): PartialDraw[] {
    return [...this.#byDraw.values()].flatMap(({ run, windowStart, best, entries }) => {
      if (best === undefined) return [];
      const { entryId, userId, bytes } = best;
      const entry = { entryId, userId, priority: priorityHex(bytes) };
      return [{ lotteryId: run.lotteryId, run: run.run, windowStart, best: entry, entries }];
    });
  }

  #drawOf(run: SeededRun, windowStart: number): Collected {
    if (this.#last?.run === run && this.#last.windowStart === windowStart) return this.#last;
    const drawId = drawIdOf({ lotteryId: run.lotteryId, run: run.run, windowStart });
    let draw = this.#byDraw.get(drawId);
    if (draw === undefined) {
      draw = { run, windowStart, seed: windowSeed(run.seed, run.lotteryId, windowStart), entries: 0 };
      this.#byDraw.set(drawId, draw);
    }
    this.#last = draw;
    return draw;
  }
}

const hash256 = z.string().check(z.regex(/^[0-9a-f]{64}$/));

export const entrySchema = z.object({ entryId: entryIdSchema, userId: innerIdSchema, priority: hash256 });

export const partialDrawSchema = z.object({
  lotteryId: innerIdSchema,
  run: z.int().check(z.positive()),
  windowStart: derivedTimeSchema,
  best: entrySchema,
  entries: z.int().check(z.positive()),
});
