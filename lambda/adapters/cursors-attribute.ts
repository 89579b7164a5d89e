import * as z from 'zod/mini';
import type { Cursors } from '../core/cursor.ts';

/** The `cursors` attribute of users and lotteries: a map by shard id. */
export const cursorsSchema: z.ZodMiniType<Cursors> = z.record(
  z.string(),
  z.object({
    sequenceNumber: z.string(),
    index: z.optional(z.number()),
    arrival: z.number(),
    outcomes: z.instanceof(Uint8Array),
  }),
);
