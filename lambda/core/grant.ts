import * as z from 'zod/mini';
import { innerIdSchema, wellFormed } from './ids.ts';

/** Of one grant. */
export const maximumGrantedCoupons = 2 ** 32;
/** Characters. */
export const longestReason = 256;

/** A grant as an operator puts it into the grants table (client/grants.ts), and as the function reads it. */
export const grantItemSchema = z.object({
  grantId: innerIdSchema,
  userId: innerIdSchema,
  coupons: z.int().check(z.minimum(1), z.maximum(maximumGrantedCoupons)),
  reason: z.string().check(z.minLength(1), z.maxLength(longestReason), wellFormed),
  /** By the operator's clock, ms. */
  grantedAt: z.int().check(z.nonnegative()),
  isTaken: z._default(z.boolean(), false),
});

export type GrantItem = z.output<typeof grantItemSchema>;
