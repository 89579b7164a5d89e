import { z } from 'zod';
import { idSchema } from './ids.ts';

/**
 * The events that clients send (DESIGN 3). Unknown extra fields are allowed and dropped; `isOutputEvent`, which
 * the first version trusted, is one of them: a client does not decide what enters a draw.
 */

/** Milliseconds since the epoch, up to the last instant that a JavaScript date can name. */
const timestampSchema = z.int().min(0).max(8.64e15);
const eventIdSchema = idSchema.optional();

/** An item of DynamoDB holds 400 KB; the lottery's also holds its cursors, and every batch of clicks reads it. */
const maximumPrizes = 1_000;
const maximumPrizeBytes = 64 * 1024;

const prizesSchema = z
  .array(z.string().refine((text) => text.isWellFormed(), 'must be well-formed Unicode'))
  .min(1)
  .max(maximumPrizes)
  .refine(
    (prizes) => prizes.reduce((bytes, prize) => bytes + Buffer.byteLength(prize), 0) <= maximumPrizeBytes,
    `must hold at most ${maximumPrizeBytes} bytes in all`,
  );

export const lotteryEventSchemas = {
  LotteryStartEvent: z.object({
    type: z.literal('LotteryStartEvent'),
    lotteryId: idSchema,
    timestamp: timestampSchema.optional(),
    prizes: prizesSchema.optional(),
    eventId: eventIdSchema,
  }),
  LotteryStopEvent: z.object({
    type: z.literal('LotteryStopEvent'),
    lotteryId: idSchema,
    eventId: eventIdSchema,
  }),
} as const;

export const userEventSchemas = {
  UserBuyCouponEvent: z.object({
    type: z.literal('UserBuyCouponEvent'),
    userId: idSchema,
    /** Fewer than 1 is a business rejection with a message of its own, not a wrong field. */
    purchasedCoupons: z.int(),
    eventId: eventIdSchema,
  }),
  UserClickEvent: z.object({
    type: z.literal('UserClickEvent'),
    timestamp: timestampSchema,
    userId: idSchema,
    lotteryId: idSchema,
    eventId: eventIdSchema,
  }),
  /**
   * Sent by the draw function alone: it names a refund that the draws table holds. A client may send one too,
   * but cannot invent a refund: what the table does not hold is rejected.
   */
  CouponRefundEvent: z.object({
    type: z.literal('CouponRefundEvent'),
    userId: idSchema,
    lotteryId: idSchema,
    // Together they are a key of the draws table: bounded, and one form only.
    drawId: z
      .string()
      .max(192)
      .refine((text) => text.isWellFormed(), 'must be well-formed Unicode'),
    entryId: z.string().regex(/^[\w-]{1,64}:\d{1,60}$/, 'must be "<shardId>:<sequenceNumber>"'),
  }),
} as const;

export type LotteryStartEvent = z.infer<typeof lotteryEventSchemas.LotteryStartEvent>;
export type LotteryStopEvent = z.infer<typeof lotteryEventSchemas.LotteryStopEvent>;
export type LotteryEvent = LotteryStartEvent | LotteryStopEvent;

export type UserBuyCouponEvent = z.infer<typeof userEventSchemas.UserBuyCouponEvent>;
export type UserClickEvent = z.infer<typeof userEventSchemas.UserClickEvent>;
export type CouponRefundEvent = z.infer<typeof userEventSchemas.CouponRefundEvent>;
export type UserEvent = UserBuyCouponEvent | UserClickEvent | CouponRefundEvent;
