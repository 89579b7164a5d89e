import * as z from 'zod/mini';
import { blockRefSchema } from './block.ts';
import { innerIdSchema } from './ids.ts';
import { derivedTimeSchema } from './window.ts';

/**
 * What one batch knows of one draw: the block that its entries lie in. A set of blocks does not care for order or
 * repetition, so partials may be delivered twice, merged in any order and cut in any way: the draw is the same.
 */
export interface PartialDraw {
  readonly lotteryId: string;
  readonly run: number;
  /** ms since the epoch. */
  readonly windowStart: number;
  /** The watermark at which the window is complete, ms: then the draw is made. */
  readonly dueAt: number;
  /** The reference of the block (block.ts). */
  readonly block: string;
}

/** Of an object in the draws bucket, by its contents. */
export const blockNameSchema = z.string().check(z.regex(/^[0-9a-f]{64}$/));

export const drawKeySchema = z.object({
  lotteryId: innerIdSchema,
  run: z.int().check(z.positive()),
  windowStart: derivedTimeSchema,
});

export const partialDrawSchema = z.extend(drawKeySchema, {
  dueAt: derivedTimeSchema,
  block: blockRefSchema,
});
