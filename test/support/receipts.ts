import * as z from 'zod/mini';
import type { ProvenEntry } from './merkle.ts';

const place = { index: z.number(), size: z.number(), path: z.string() };

const accepted = z.object({
  type: z.literal('ClickAcceptedEvent'),
  drawId: z.string(),
  entryId: z.string(),
  userId: z.pipe(z.union([z.string(), z.number()]), z.transform(String)),
  receipt: z.object({
    ...place,
    root: z.string(),
    batch: z.optional(z.object(place)),
    signature: z.string(),
  }),
});

/** Those of a function's outputs, as their holders have them. */
export function receiptsOf(outputs: readonly object[]): ProvenEntry[] {
  return outputs.flatMap((output) => {
    const { data } = accepted.safeParse(output);
    return data === undefined ? [] : [data];
  });
}
